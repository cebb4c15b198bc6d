import pino, { type Logger } from 'pino'

/**
 * Structured logs on standard output. Only named fields are logged: never a cookie, a body or an e-mail address,
 * which is why an error is cut down to its kind, code and stack (a database error's detail quotes values).
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: {
      err: (error: unknown) =>
        error instanceof Error
          ? { type: error.name, code: Reflect.get(error, 'code'), stack: error.stack }
          : { type: typeof error },
    },
  })
}
