/** After how many milliseconds Postgres itself ends what a session holds up; 0 means never. */
export type SessionLimits = {
  /** The longest wait for a lock that another transaction holds. */
  lockMs: number
  /** The longest duration of a statement. */
  statementMs: number
  /** How long a transaction may be idle, because its process is frozen or gone, before it is rolled back. */
  idleInTransactionMs: number
  /** How long a session may be idle or unreachable before it ends and its locks are released. */
  idleMs: number
}

/** How long data sent to a client may go unacknowledged by its TCP stack before the session ends. */
const unacknowledgedMs = 20_000

/**
 * For work that a user waits for: shorter than the client's own timeout, so that Postgres itself rolls back and reports
 * it.
 */
export const usualLimits: SessionLimits = {
  lockMs: 2_000,
  statementMs: 4_000,
  idleInTransactionMs: 5_000,
  idleMs: 0,
}

/** For work that may cover a whole table: retention, back-fill. */
export const longLimits: SessionLimits = {
  lockMs: 10_000,
  statementMs: 600_000,
  idleInTransactionMs: 60_000,
  idleMs: 0,
}

/** For migrations and scripts, which somebody watches. */
export const noLimits: SessionLimits = { lockMs: 0, statementMs: 0, idleInTransactionMs: 0, idleMs: 0 }

/**
 * The settings of all our sessions, whatever those of the server, the database or the role: the adapter reads times as
 * UTC, statements rely on READ COMMITTED, and text is formatted by these settings.
 *
 * Only settings that every role may make and every supported version knows: Postgres refuses the connection for any
 * other.
 */
const sessionSettings = {
  TimeZone: 'UTC',
  DateStyle: 'ISO,MDY',
  IntervalStyle: 'postgres',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  row_security: 'on',
  search_path: 'public',
  default_transaction_isolation: 'read committed',
  default_transaction_read_only: 'off',
  default_transaction_deferrable: 'off',
  // For connections dropped by a middlebox: by default Linux checks after two hours, and their locks are held until
  // then.
  tcp_keepalives_idle: '15',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  // Detects a client that has gone in the middle of a statement.
  client_connection_check_interval: '2000',
} as const

/**
 * The settings as the `options` of a startup packet, after those already given there. The last one wins, and all of
 * them override ALTER DATABASE and ALTER ROLE.
 */
export function startupOptions(given: string | undefined, limits: SessionLimits): string {
  const all = {
    ...sessionSettings,
    lock_timeout: String(limits.lockMs),
    statement_timeout: String(limits.statementMs),
    idle_in_transaction_session_timeout: String(limits.idleInTransactionMs),
    idle_session_timeout: String(limits.idleMs),
    tcp_user_timeout: String(Math.min(limits.idleMs || unacknowledgedMs, unacknowledgedMs)),
  }
  const ours = Object.entries(all).map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
  return [...(given ? [given] : []), ...ours].join(' ')
}
