import { Prisma } from '#prisma/generated/client.ts'

const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037'])
const socketCodes = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN'],
  // This process has no port, file descriptor or buffer left for another connection.
  ...['EADDRNOTAVAIL', 'EMFILE', 'ENFILE', 'ENOBUFS'],
])
// Class 08 connection exception, 53 insufficient resources (a full disk), 58 system error, 57P0x operator intervention,
// 28000 and 28P01 no longer allowed to connect (as while passwords are changed), 25006 read-only. What Postgres rolls
// back: 40001 serialization failure, 40P01 deadlock, 55P03 lock not available, 57014 statement cancelled, 25P0x
// transaction timeout.
const sqlStates = /^(08...|53...|58...|57P0[1-5]|28000|28P01|25006|40001|40P01|55P03|57014|25P0[34])$/

// The row that a foreign key refers to, or a database, schema or table, is missing; or a cached plan is for a dropped
// table.
const sqlStatesOfRestore = /^(23503|3D000|3F000|42P01|0A000)$/
const codesOfRestore = new Set([
  ...['P2003', 'P2021', 'P2025'],
  ...['ForeignKeyConstraintViolation', 'DatabaseDoesNotExist', 'TableDoesNotExist'],
])

/**
 * Whether `error` means that Postgres is unavailable or not ready, so that retrying later is the right advice. Judged
 * by codes and classes along the chain of causes, never by message text.
 */
export function isDatabaseAway(error: unknown): boolean {
  return hasCause(error, isAway)
}

/**
 * Whether `error` means that the database lacks what this process knows to exist, as while a backup is being restored:
 * on a retry, the client finds it or has to sign in again.
 */
export function isDatabaseOther(error: unknown): boolean {
  return hasCause(error, (at) => codesOf(at).some(isCodeOfRestore))
}

function isAway(at: object): boolean {
  if (at instanceof Prisma.PrismaClientInitializationError) return true
  return (at instanceof AggregateError && at.errors.some(isDatabaseAway)) || codesOf(at).some(isAwayCode)
}

function codesOf(at: object): unknown[] {
  return [read(at, 'code'), read(at, 'originalCode'), read(at, 'kind')]
}

/** Whether Postgres rolled back a transaction in favour of another, so that a retry may well succeed. */
export function isConflict(error: unknown): boolean {
  return hasCause(error, (at) => codesOf(at).some((code) => conflicts.has(code)))
}

/** Whether `error` means that another transaction held what it needed for too long. */
export function isContended(error: unknown): boolean {
  return isConflict(error) || hasCause(error, (at) => codesOf(at).includes('55P03'))
}

const conflicts = new Set<unknown>(['40001', '40P01', 'P2034', 'TransactionWriteConflict'])

function hasCause(error: unknown, test: (at: object) => boolean): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Object && depth < 6; depth += 1) {
    if (test(at)) return true
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
  'TransactionWriteConflict',
  'AuthenticationFailed',
  'DatabaseAccessDenied',
  'TlsConnectionError',
])

function isAwayCode(code: unknown): boolean {
  if (typeof code !== 'string') return false
  return prismaCodes.has(code) || socketCodes.has(code) || sqlStates.test(code) || adapterKinds.has(code)
}

function isCodeOfRestore(code: unknown): boolean {
  return typeof code === 'string' && (codesOfRestore.has(code) || sqlStatesOfRestore.test(code))
}

function read(object: object, name: string): unknown {
  return name in object ? Reflect.get(object, name) : undefined
}
