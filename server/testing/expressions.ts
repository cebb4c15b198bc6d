/** A regular expression as it stands in a source file. */
export type Expression = { line: number; pattern: RegExp }

/** What stands before a literal: an operator, a bracket, a keyword or the beginning of a line, never a value. */
const literal =
  /(?<=(?:^|[(,=:[{!&|?;>]|\breturn|\bof|\bcase)[ \t]*)\/(?![/*])((?:[^/\\[\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+)\/([dgimsuvy]*)/gm

/** The regular expressions in a source text, each with the line on which it stands. */
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

/** What is done with a text: it is only the time that counts. */
type Use = (text: string) => unknown

const endings = ['', '\u0001', ' x']
const common = [' ', 'a', '0']

/**
 * Searches for texts of which `use` takes more than linear time: each a beginning, something many times, and an ending
 * that does not fit, all made of `pieces`. Gives what was found, as a sentence; undefined when nothing was.
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

/** The short ones in small steps: what grows exponentially must be caught before it takes for ever. */
const lengths = [8, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384]
const some = 2_048
/** What linear time is far below at `some` characters, in ms. */
const quickMs = 0.3
/** Below this, in ms, growth is not measured but noise. */
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
    // Eight times the text is eight times the time, and 64 times when the time grows with the square.
    if (measured.every(([short = 0, long = 0]) => long > floorMs && long > 24 * short)) {
      const [[short = 0, long = 0] = []] = measured
      return `${length / 8} → ${length} characters take ${short.toFixed(3)} → ${long.toFixed(1)} ms`
    }
  }
  return undefined
}

/** Of several: what the collection of garbage takes is not ours. */
function quickest(use: Use, text: string): number {
  return Math.min(...Array.from({ length: 5 }, () => msOf(use, text)))
}

/** In time of the core: on a busy machine a long measurement is interrupted, and a short one beside it is not. */
function msOf(use: Use, text: string): number {
  const before = process.threadCpuUsage()
  use(text)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}

/** Everything in a text that fits is looked for. */
export function finding(pattern: RegExp): Use {
  const flags = new Set([...pattern.flags, 'g'])
  const everywhere = new RegExp(pattern.source, [...flags].join(''))
  return (text) => text.replace(everywhere, '')
}

/** Whether it can match more than a given number of characters: one that cannot takes linear time, whatever it is tried on. */
export function repeats({ source }: RegExp): boolean {
  return /[*+{]/.test(source.replaceAll(/\\.|\[(?:[^\]\\]|\\.)*\]/g, ''))
}

const candidates = ['a', '0', 'A', ' ', '-', '.', ',', '"', '@', '/', 'é', '\u0001', '\u200b', '👋', '\n']
const token =
  /\\(?:[pP]\{[^}]*\}|x[0-9a-fA-F]{2}|u\{[^}]*\}|u[0-9a-fA-F]{4}|k<\w+>|.)|\[(?:[^\]\\]|\\.)*\]|\(\?<?[=!]|\(\?(?:[a-z]*:|<\w+>)|\{\d+(?:,\d*)?\}\??|[*+?]\??|[\s\S]/gu

/** What an expression asks for, token by token in its order: joined they more or less fit it. */
export function piecesOf({ source, flags }: RegExp): string[] {
  return [...source.matchAll(token)].flatMap(([text], at, all) => {
    if (/^[(){}|^$*+?]/.test(text)) return []
    const times = /^\{(\d+)/.exec(all[at + 1]?.[0] ?? '')?.[1] ?? '1'
    const one = new RegExp(`^(?:${text})$`, flags.replaceAll(/[gy]/g, ''))
    const fits = [text, text.slice(1), ...candidates].find((each) => each !== '' && one.test(each))
    return fits === undefined ? [] : [fits.repeat(Math.max(1, Number(times)))]
  })
}
