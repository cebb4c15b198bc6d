import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { LaneReport, RunReport } from '#server/protocol/lab-report.ts'

type Column = { head: string; cell: (lane: LaneReport, report: RunReport) => string }

const ms = (value: number | null) => (value === null ? '—' : value < 100 ? value.toFixed(1) : count(value))
const count = (value: number) => Math.round(value).toLocaleString('en-US')
const each = (value: number, of: number, digits = 0) => (of === 0 ? '—' : (value / of).toFixed(digits))

const columns: Column[] = [
  { head: 'clients', cell: ({ clients }) => count(clients) },
  { head: 'p50, ms', cell: ({ latency }) => ms(latency.p50Ms) },
  { head: 'p99, ms', cell: ({ latency }) => ms(latency.p99Ms) },
  { head: 'requests', cell: ({ requests }) => count(requests) },
  { head: 'empty', cell: ({ empty }) => count(empty) },
  { head: 'KB up', cell: ({ bytesUp }) => count(bytesUp / 1_000) },
  { head: 'KB down', cell: ({ bytesDown }) => count(bytesDown / 1_000) },
  {
    head: 'B/entry',
    cell: ({ bytesUp, bytesDown, ledger }) => each(bytesUp + bytesDown, ledger.received),
  },
  { head: 'queries', cell: ({ queries }) => count(queries) },
  { head: 'CPU ms/1,000', cell: ({ cpuMsPerThousand }) => ms(cpuMsPerThousand) },
  {
    head: 'KiB/conn.',
    cell: ({ memoryKibPerConnection }) =>
      memoryKibPerConnection === null ? '—' : memoryKibPerConnection.toFixed(1),
  },
  { head: 'reconnects', cell: ({ reconnects }) => count(reconnects) },
  { head: 'received', cell: ({ ledger }) => `${count(ledger.received)}/${count(ledger.expected)}` },
  { head: 'lost', cell: ({ ledger }) => count(ledger.lost) },
  { head: 'late', cell: ({ ledger }) => count(ledger.late) },
  { head: 'twice', cell: ({ ledger }) => count(ledger.repeated) },
  { head: 'disordered', cell: ({ ledger }) => count(ledger.outOfOrder) },
]

/** The measurements as a Markdown table: one row per delivery. */
export function tableOf(report: RunReport): string {
  const row = (lane: DeliveryName) => [lane, ...columns.map(({ cell }) => cell(report.lanes[lane], report))]
  const rows = [['', ...columns.map(({ head }) => head)], ...deliveryNames.map(row)]
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? []
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const [head = [], ...body] = rows
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  return [line(head), line(rule), ...body.map(line)].join('\n')
}

/** Whether every client of the four deliveries received each entry once, in order, and unaltered. */
export function nothingLost({ lanes }: RunReport): boolean {
  return deliveryNames.every((lane) => {
    const { lost, late, repeated, outOfOrder, altered } = lanes[lane].ledger
    return lost + late + repeated + outOfOrder + altered === 0
  })
}
