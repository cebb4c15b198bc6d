/** A regular expression in a source file. */
export type Expression = { line: number; pattern: RegExp }

/** What precedes a regex literal: an operator, a bracket, a keyword or the start of a line, never a value. */
const literal =
  /(?<=(?:^|[(,=:[{!&|?;>]|\breturn|\bof|\bcase)[ \t]*)\/(?![/*])((?:[^/\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+)\/([dgimsuvy]*)/gm

/** The regular expressions in a source text, each with its line number. */
export function expressionsIn(source: string): Expression[] {
  return [...source.matchAll(literal)].flatMap(({ index, 1: body = '', 2: flags }) => {
    const before = source.slice(0, index).split('\n')
    if (/^\s*(?:\/?\*|\/\/)/.test(before.at(-1) ?? '')) return []
    try {
      return [{ line: before.length, pattern: new RegExp(body, flags) }]
    } catch {
      return []
    }
  })
}

/** Any use of a text; only its time counts. */
type Use = (text: string) => unknown

const endings = ['', '\u0001', ' x']
const common = [' ', 'a', '0']

/**
 * Searches for texts on which `use` takes more than linear time: a beginning, a repeated part, and an ending that does
 * not match, all made of `pieces`. Returns a description of the first found; undefined when there is none.
 */
export function superlinear(use: Use, pieces: readonly string[]): string | undefined {
  const wholes = pieces.map((_, at) => pieces.slice(0, at + 1).join(''))
  for (const beginning of new Set(['', ...wholes])) {
    for (const pump of new Set([...common, ...pieces, ...wholes])) {
      for (const ending of endings) {
        const found = growth(use, (n) => beginning + pump.repeat(Math.ceil(n / pump.length)) + ending)
        if (found) {
          return `${JSON.stringify(beginning)}, ${JSON.stringify(pump)} again and again, ${JSON.stringify(ending)}: ${found}`
        }
      }
    }
  }
  return undefined
}

/** Short lengths in small steps, to catch exponential growth before it takes forever. */
const lengths = [8, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384]
const some = 2_048
/** Linear time at `some` characters is far below this, in ms. */
const quickMs = 0.3
/** Below this, in ms, measurements are noise. */
const floorMs = 4

function growth(use: Use, textOf: (length: number) => string): string | undefined {
  for (const length of lengths) {
    const ms = msOf(use, textOf(length))
    if (length === some && ms < quickMs) return undefined
    if (ms < floorMs) continue
    const measured = Array.from({ length: 3 }, () => [
      quickest(use, textOf(length / 8)),
      quickest(use, textOf(length)),
    ])
    // Linear growth takes 8 times as long for 8 times the text, quadratic growth 64 times.
    if (measured.every(([short = 0, long = 0]) => long > floorMs && long > 24 * short)) {
      const [[short = 0, long = 0] = []] = measured
      return `${length / 8} → ${length} characters take ${short.toFixed(3)} → ${long.toFixed(1)} ms`
    }
  }
  return undefined
}

/** The fastest of five, to exclude garbage collection. */
function quickest(use: Use, text: string): number {
  return Math.min(...Array.from({ length: 5 }, () => msOf(use, text)))
}

/** CPU time: on a busy machine long measurements are interrupted and short ones are not. */
function msOf(use: Use, text: string): number {
  const before = process.threadCpuUsage()
  use(text)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

/** Finds all matches in a text. */
export function finding(pattern: RegExp): Use {
  const flags = new Set([...pattern.flags, 'g'])
  const everywhere = new RegExp(pattern.source, [...flags].join(''))
  return (text) => text.replace(everywhere, '')
}

/** Whether it can match arbitrarily many characters: one that cannot takes linear time on any input. */
export function repeats({ source }: RegExp): boolean {
  return /[*+{]/.test(source.replaceAll(/\\.|\[(?:[^\]\\]|\\.)*\]/g, ''))
}

const candidates = ['a', '0', 'A', ' ', '-', '.', ',', '"', '@', '/', 'é', '\u0001', '\u200b', '👋', '\n']
const token =
  /\\(?:[pP]\{[^}]*\}|x[0-9a-fA-F]{2}|u\{[^}]*\}|u[0-9a-fA-F]{4}|k<\w+>|.)|\[(?:[^\]\\]|\\.)*\]|\(\?<?[=!]|\(\?(?:[a-z]*:|<\w+>)|\{\d+(?:,\d*)?\}\??|[*+?]\??|[\s\S]/gu

/** A matching text for each token of an expression, in order: joined they roughly match it. */
export function piecesOf({ source, flags }: RegExp): string[] {
  return [...source.matchAll(token)].flatMap(([text], at, all) => {
    if (/^[(){}|^$*+?]/.test(text)) return []
    const times = /^\{(\d+)/.exec(all[at + 1]?.[0] ?? '')?.[1] ?? '1'
    const one = new RegExp(`^(?:${text})$`, flags.replaceAll(/[gy]/g, ''))
    const fits = [text, text.slice(1), ...candidates].find((each) => each !== '' && one.test(each))
    return fits === undefined ? [] : [fits.repeat(Math.max(1, Number(times)))]
  })
}
