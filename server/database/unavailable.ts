import { Prisma } from '#prisma/generated/client.ts'

const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037'])
const socketCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'ENOENT'])
// Class 08 connection exception, 53 too little resources, 57P0x an operator's shutdown.
const sqlStates = /^(08...|53...|57P0[1-5]|25006)$/

/**
 * Whether `error` means that Postgres is away or not ready, so that trying again later is the right advice.
 * Judged by codes and classes along the chain of causes, never by message text.
 */
export function isDatabaseAway(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 6; depth += 1) {
    if (at instanceof Prisma.PrismaClientInitializationError) return true
    if (at instanceof AggregateError && at.errors.some(isDatabaseAway)) return true
    const codes = [read(at, 'code'), read(at, 'originalCode'), read(at, 'kind')]
    if (codes.some(isAwayCode)) return true
    const meta = read(at, 'meta')
    at = read(at, 'cause') ?? (meta instanceof Object ? read(meta, 'driverAdapterError') : undefined)
  }
  return false
}

const adapterKinds = new Set([
  'ConnectionClosed',
  'DatabaseNotReachable',
  'TooManyConnections',
  'SocketTimeout',
])

function isAwayCode(code: unknown): boolean {
  if (typeof code !== 'string') return false
  return prismaCodes.has(code) || socketCodes.has(code) || sqlStates.test(code) || adapterKinds.has(code)
}

function read(object: object, name: string): unknown {
  return name in object ? Reflect.get(object, name) : undefined
}
