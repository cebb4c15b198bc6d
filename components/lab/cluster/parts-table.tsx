import { formatCount, formatMemory, formatPercent, missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { type ClusterPart, clusterPartKinds } from '#server/protocol/lab-cluster.ts'
import { partWords, stateWords } from './cluster-words.ts'

/** Every process with its figures for the last second. */
export function PartsTable({ parts }: { parts: readonly ClusterPart[] }) {
  const sorted = parts.toSorted((a, b) => clusterPartKinds.indexOf(a.kind) - clusterPartKinds.indexOf(b.kind))
  return (
    <Table wide label="Processes">
      <thead>
        <tr>
          <Head>Process</Head>
          <Head>State</Head>
          <Head figure>Connections</Head>
          <Head figure>Events/s</Head>
          <Head figure>Wake-ups/s</Head>
          <Head figure>Statements/s</Head>
          <Head figure>CPU, of a core</Head>
          <Head figure>Memory</Head>
        </tr>
      </thead>
      <tbody>
        {sorted.map((part) => (
          <Row key={part.name} data-part={part.name} data-state={part.state}>
            <th scope="row" className="h-(--row) pr-4 text-left font-semibold whitespace-nowrap">
              {part.name} <span className="ml-1 font-normal text-ink-3">{partWords[part.kind]}</span>
            </th>
            <Cell className={part.state === 'down' ? 'text-danger' : 'text-ink-2'}>
              {stateWords[part.state]}
            </Cell>
            <Cell figure>{part.connections === null ? missing : formatCount(part.connections)}</Cell>
            <Cell figure>{rate(part.eventsPerSecond)}</Cell>
            <Cell figure>{rate(part.wakeUpsPerSecond)}</Cell>
            <Cell figure>{rate(part.queriesPerSecond)}</Cell>
            <Cell figure>{part.cpuShare === null ? missing : formatPercent(part.cpuShare, 1)}</Cell>
            <Cell figure>{part.residentBytes === null ? missing : formatMemory(part.residentBytes)}</Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

export function rate(perSecond: number | null): string {
  return perSecond === null ? missing : perSecond.toFixed(1)
}
