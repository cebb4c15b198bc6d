import { setTimeout as pause } from 'node:timers/promises'
import { median } from '#server/protocol/median.ts'
import { loadMeter } from './machine.ts'

/** What one turn of an arm measured, and the share of the machine's CPU that others had meanwhile. */
export type Turn<Figures> = { figures: Figures; others: number }
export type Turns<Figures, Arm extends string = string> = Record<Arm, Turn<Figures>[]>

const restMs = 500

/** Measures the arms in turns, A B C A B C …: a machine that slows down slows them all. */
export async function inTurns<Figures, Arm extends string = string>(
  arms: Record<Arm, () => Promise<Figures>>,
  rounds: number,
): Promise<Turns<Figures, Arm>> {
  const turns: Turns<Figures, Arm> = mapValues(arms, () => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const name of Object.keys(arms) as Arm[]) {
      console.error(`Round ${round + 1} of ${rounds}: ${name}`)
      const load = loadMeter()
      const figures = await arms[name]()
      turns[name].push({ figures, others: load.othersShare() })
      await pause(restMs)
    }
  }
  return turns
}

/** A figure of a table: a number of each turn, in a unit. */
export type Column<Figures> = {
  head: string
  of(figures: Figures): number
  digits?: number
  unit?: string
  /** Faults are added up over the turns; of everything else the table has the median and the range. */
  isFault?: boolean
  /** Whether `comparisonTable` compares it. */
  compared?: boolean
}

/** One row for each arm: of each column the median over its turns, with the least and the most. */
export function turnsTable<Figures>(turns: Turns<Figures>, columns: Column<Figures>[]): string {
  const rows = Object.entries(turns).map(([arm, each]) => [
    arm,
    ...columns.map((column) => cell(each, column)),
    spread(
      each.map(({ others }) => others * 100),
      0,
      '%',
    ),
  ])
  return markdownTable(['arm', ...columns.map(({ head }) => head), 'CPU of others'], rows)
}

function cell<Figures>(
  turns: Turn<Figures>[],
  { of, digits = 0, unit = '', isFault }: Column<Figures>,
): string {
  const values = turns.map(({ figures }) => of(figures))
  return isFault ? String(values.reduce((sum, value) => sum + value, 0)) : spread(values, digits, unit)
}

/** One row for each other arm: what the first arm takes of the compared columns, as a multiple of it, turn by turn. */
export function comparisonTable<Figures>(turns: Turns<Figures>, columns: Column<Figures>[]): string {
  const [[first, ours] = ['', []], ...others] = Object.entries(turns)
  const compared = columns.filter(({ compared }) => compared)
  const rows = others.map(([arm, theirs]) => [
    arm,
    ...compared.map(({ of }) => {
      const ratios = ours.map(({ figures }, round) => {
        const other = theirs[round]
        return other ? of(figures) / of(other.figures) : Number.NaN
      })
      return spread(ratios, 2, '×')
    }),
  ])
  return markdownTable([`${first} compared with`, ...compared.map(({ head }) => head)], rows)
}

/** The median, and from the least to the most where there are several; a dash where nothing was measured. */
export function spread(values: number[], digits: number, unit: string): string {
  const known = values.filter((value) => Number.isFinite(value))
  const middle = median(known)
  if (middle === undefined) return '—'
  const text = (value: number) =>
    value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const range = known.length > 1 ? ` (${text(Math.min(...known))}–${text(Math.max(...known))})` : ''
  return `${text(middle)}${unit && ` ${unit}`}${range}`
}

/** A Markdown table whose figures stand right. */
export function markdownTable(head: string[], rows: string[][]): string {
  const rule = head.map((_, column) => (column === 0 ? ':--' : '--:'))
  return [head, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** The same keys, each with what `make` makes of its value. */
export function mapValues<Key extends string, From, To>(
  of: Record<Key, From>,
  make: (from: From) => To,
): Record<Key, To> {
  return Object.fromEntries(Object.entries<From>(of).map(([key, from]) => [key, make(from)])) as Record<
    Key,
    To
  >
}
