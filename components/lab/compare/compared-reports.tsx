import { LaneHead, Section } from '#components/lab/report/section.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { RunReport } from '#server/protocol/lab-report.ts'
import {
  type ComparedFigure,
  compare,
  type Difference,
  formatRatio,
  machineDifferences,
  scenarioDifferences,
} from './comparison.ts'

/** How two scenarios differ, then each figure with the ratio of the second run to the first. */
export function ComparedReports({ a, b }: { a: RunReport; b: RunReport }) {
  const scenario = scenarioDifferences(a.scenario, b.scenario)
  const machine = machineDifferences(a, b)
  return (
    <div className="space-y-10">
      <Section title="What differs" note="apart from the results">
        <p className="py-3 text-ui text-ink-2">{fairness(scenario, machine)}</p>
        {scenario.length + machine.length > 0 && <Differences rows={[...scenario, ...machine]} />}
      </Section>
      <div className="grid gap-x-12 gap-y-8 lg:grid-cols-2">
        {compare(a, b).map((figure) => (
          <FigureTable key={figure.name} {...figure} />
        ))}
      </div>
    </div>
  )
}

function fairness(scenario: readonly Difference[], machine: readonly Difference[]): string {
  if (machine.length > 0 && scenario.length > 0) {
    return 'Different machines and different scenarios: the ratios below can’t be attributed to a single cause.'
  }
  if (machine.length > 0)
    return 'The same scenario on different machines: the ratios below also reflect the machines.'
  if (scenario.length === 0)
    return 'Nothing: the same scenario on the same kind of machine. Any difference below is noise, or the code.'
  if (scenario.length === 1)
    return 'One setting differs, on the same kind of machine: the ratios below are its effect, or noise.'
  return 'Several settings differ: the ratios below can’t tell which one is the cause.'
}

function Differences({ rows }: { rows: readonly Difference[] }) {
  return (
    <Table label="What differs">
      <thead>
        <tr>
          <Head>What</Head>
          <Head figure>A</Head>
          <Head figure>B</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ what, a, b }) => (
          <Row key={what}>
            <Cell>{what}</Cell>
            <Cell figure className="whitespace-normal">
              {a}
            </Cell>
            <Cell figure className="whitespace-normal">
              {b}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

function FigureTable({ name, rows }: ComparedFigure) {
  return (
    <Table label={name}>
      <thead>
        <tr>
          <Head className="text-ink">{name}</Head>
          <Head figure>A</Head>
          <Head figure>B</Head>
          <Head figure>B ÷ A</Head>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ lane, a, b, ratio }) => (
          <Row key={lane}>
            <LaneHead lane={lane} />
            <Cell figure>{a}</Cell>
            <Cell figure>{b}</Cell>
            <Cell figure className="font-semibold">
              {formatRatio(ratio)}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}
