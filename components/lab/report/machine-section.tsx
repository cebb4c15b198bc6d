import { formatMemory } from '#components/ui/format.ts'
import { Cell, Row, Table } from '#components/ui/table.tsx'
import type { Machine } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { Section } from './section.tsx'

/** What the run was measured on. Another machine gives other figures; ratios travel better. */
export function MachineSection({ machine }: { machine: Machine }) {
  const { cores, cpu, memoryBytes, os, node, postgres, loadBefore } = machine
  const facts = [
    ['Cores', `${cores}, ${cpu}`],
    ['Memory', formatMemory(memoryBytes)],
    ['System', os],
    ['Node', node],
    ['Postgres', postgres],
    ['Load before', loadBefore.toFixed(2)],
  ] as const
  return (
    <Section title="Machine" how={howMeasured.machine}>
      <Table label="Machine">
        <tbody>
          {facts.map(([name, value]) => (
            <Row key={name}>
              <th scope="row" className="h-(--row) pr-4 text-left font-normal whitespace-nowrap text-ink-2">
                {name}
              </th>
              <Cell data className="py-1.5 text-right whitespace-normal">
                {value}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
    </Section>
  )
}
