import type { RunOutcome, WireRun } from '#server/protocol/lab-runs.ts'

type Cell = string | number | boolean | null
type Row = Record<string, Cell>

/**
 * A run's figures as CSV (RFC 4180) with a header line: one row per lane, browser lane, arm or mode. Distributions as
 * their percentiles; nested names joined by dots.
 */
export function reportCsv(run: WireRun & { outcome: RunOutcome }): string {
  const { number, name, state, startedAt } = run
  const lines = rowsOf(run.outcome).map((row) => ({ run: number, name, state, startedAt, ...row }))
  const names = [...new Set(lines.flatMap((line) => Object.keys(line)))]
  const records = lines.map((line: Row) => names.map((column) => cell(line[column] ?? null)))
  return [names.map(cell), ...records].map((record) => `${record.join(',')}\r\n`).join('')
}

function rowsOf(outcome: RunOutcome): Row[] {
  switch (outcome.kind) {
    case 'scenario': {
      const { lanes, control, browser } = outcome.report
      return [
        ...rowsBy('lane', lanes, { client: 'crowd' }),
        ...rowsBy('lane', { control }, { client: 'crowd' }),
        ...rowsBy('lane', browser?.lanes ?? {}, { client: 'browser' }),
      ]
    }
    case 'drill':
      return rowsBy('arm', { ours: outcome.report.ours, control: outcome.report.control }, {})
    case 'trap':
      return rowsBy('arm', { failing: outcome.report.failing, working: outcome.report.working }, {})
    case 'story':
      return rowsBy('mode', outcome.report.modes, {})
    case 'cluster':
      return rowsBy('client', { crowd: outcome.report.ledger }, {})
  }
}

function rowsBy(column: string, figures: Record<string, object | undefined>, more: Row): Row[] {
  return Object.entries(figures).flatMap(([key, of]) => (of ? [{ [column]: key, ...more, ...flat(of) }] : []))
}

function flat(figures: object, prefix = ''): Row {
  const row: Row = {}
  for (const [key, value] of Object.entries(figures)) {
    if (key === 'counts') continue
    if (Array.isArray(value)) row[`${prefix}${key}`] = value.map(csvCell).join('; ')
    else if (value instanceof Object) Object.assign(row, flat(value, `${prefix}${key}.`))
    else row[`${prefix}${key}`] = value
  }
  return row
}

function csvCell(item: unknown): string {
  return item instanceof Object ? Object.values(item).join(': ') : String(item)
}

/**
 * Prefixes an apostrophe to texts that a spreadsheet would take for a formula. Where the decimal separator is a comma,
 * spreadsheets split lines at semicolons instead, quoted or not, so each part after one is treated as a cell.
 */
function cell(value: Cell): string {
  if (typeof value !== 'string') return value === null ? '' : String(value)
  const [first = '', ...others] = value.split(';')
  const text = [noFormula(first), ...others.map((part) => (isNumber(part) ? part : noFormula(part)))].join(
    ';',
  )
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The full-width signs start a formula too. */
function noFormula(text: string): string {
  return text.replace(/^( *)(?=[=+\-@\t\r\n＝＋－＠])/, "$1'")
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text))
}
