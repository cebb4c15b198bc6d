import pino, { type DestinationStream, type Level, type Logger } from 'pino'

/**
 * Structured logs, to standard output unless `destination` is given. Only named fields are logged: never a cookie, a
 * body or an e-mail address. When warnings, errors or refusals repeat, the first are written and the rest counted.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const repeats = new Repeats((level, fields, message) => logger[level](fields, message))
  const logger = pino(
    {
      ...{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: described } },
      hooks: {
        logMethod(args, write, levelValue) {
          if (repeats.takes(pino.levels.labels[levelValue] as Level, args)) write.apply(this, args)
        },
      },
    },
    destination ?? pino.destination(1),
  )
  return logger
}

/** How many lines of a kind are written before the rest is counted. */
const fullLines = 5
const countEveryMs = 1_000

type WriteLine = (level: Level, fields: Record<string, unknown>, message: string) => void
type Kind = {
  level: Level
  fields: Record<string, unknown>
  message: string
  lines: number
  repeated: number
}

/**
 * What fails for one request can fail for thousands: a line with a stack for each wrote 53 MB in a minute. Of each kind
 * (level, text, route or command, and status) the first five are written, then one line a second with the number of
 * further ones in `repeated`, until a second passes without any.
 */
class Repeats {
  readonly #write: WriteLine
  readonly #kinds = new Map<string, Kind>()
  #timer: NodeJS.Timeout | undefined

  constructor(write: WriteLine) {
    this.#write = write
  }

  /** Whether to write the line as it is. */
  takes(level: Level, [first, text]: readonly unknown[]): boolean {
    const line = (typeof first === 'object' ? first : {}) as Record<string, unknown>
    if ('repeated' in line) return true
    const isRefusal = typeof line.status === 'number' && line.status >= 400
    if (!isRefusal && (level === 'info' || level === 'debug' || level === 'trace')) return true
    const message = String(typeof first === 'string' ? first : text)
    const { route, command, status } = line
    const key = [level, message, route, command, status].join(' ')
    let kind = this.#kinds.get(key)
    if (!kind) {
      kind = { level, fields: { route, command, status }, message, lines: 0, repeated: 0 }
      this.#kinds.set(key, kind)
      this.#timer ??= setInterval(() => this.#count(), countEveryMs).unref()
    }
    if (kind.lines < fullLines) {
      kind.lines += 1
      return true
    }
    kind.repeated += 1
    return false
  }

  #count(): void {
    for (const [key, kind] of this.#kinds) {
      const { level, fields, message, repeated } = kind
      if (repeated === 0) this.#kinds.delete(key)
      else this.#write(level, { ...fields, repeated }, message)
      kind.repeated = 0
    }
    if (this.#kinds.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }
}

/**
 * Errors whose message is about the program. The message of others (from a database or a parser) quotes their input.
 */
const ofTheProgram = [TypeError, RangeError, ReferenceError]

function described(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack = '', cause } = error
  return {
    type: name,
    code: Reflect.get(error, 'code'),
    ...(ofTheProgram.some((kind) => error instanceof kind) && { message }),
    stack: stack
      .split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause instanceof Error && { cause: described(cause) }),
  }
}
