import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * Structured logs, on standard output unless there is a `destination`. Only named fields are logged: never a cookie,
 * a body or an e-mail address.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: described } },
    destination ?? pino.destination(1),
  )
}

/** Kinds whose message is about the program. That of others (a database's, a parser's) quotes what it was given. */
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
