import { stripVTControlCharacters, types } from 'node:util'

type Level = 'debug' | 'info' | 'warn' | 'error'
type Log = Record<Level, (facts: object, text: string) => void>

const levels = {
  debug: 'debug',
  trace: 'debug',
  log: 'info',
  info: 'info',
  warn: 'warn',
  error: 'error',
} as const satisfies Record<string, Level>
const longestText = 300

/**
 * Redirects what libraries write to the console, above all Next's errors, to the log. Errors are logged by the log's
 * own rules, because their message may quote what somebody sent. Returns a function that restores the console.
 */
export function consoleToLog(log: Log): () => void {
  const before = Object.keys(levels).map((name) => [name, Reflect.get(console, name)] as const)
  for (const [name, level] of Object.entries(levels)) {
    Reflect.set(console, name, (...args: unknown[]) => write(log, level, args))
  }
  return () => {
    for (const [name, method] of before) Reflect.set(console, name, method)
  }
}

function write(log: Log, level: Level, args: unknown[]) {
  const err = args.find((arg) => types.isNativeError(arg))
  if (err) return log[level]({ err, digest: Reflect.get(err, 'digest') }, 'A page or a library failed')
  const text = args.filter((arg) => typeof arg === 'string').join(' ')
  const said = stripVTControlCharacters(text).trim().slice(0, longestText)
  if (said !== '') log[level]({ said }, 'A page or a library wrote to the console')
}
