/** When Postgres ends by itself what a session holds up, in milliseconds; 0: never. */
export type SessionLimits = {
  /** A lock that another transaction holds is waited for no longer. */
  lockMs: number
  /** A statement runs no longer. */
  statementMs: number
  /** A transaction that is asked for nothing, because its process stands still or is gone, is undone. */
  idleInTransactionMs: number
  /** A session that is asked for nothing, or cannot be answered, ends, and what it locks is free. */
  idleMs: number
}

/** What is sent to a client is acknowledged by its system within so long, or the session ends. */
const unacknowledgedMs = 20_000

/** For what a user waits for: less than the client's own patience, so that Postgres undoes and says so itself. */
export const usualLimits: SessionLimits = {
  lockMs: 2_000,
  statementMs: 4_000,
  idleInTransactionMs: 5_000,
  idleMs: 0,
}

/** For what may work on a whole table: retention, back-fill. */
export const longLimits: SessionLimits = {
  lockMs: 10_000,
  statementMs: 600_000,
  idleInTransactionMs: 60_000,
  idleMs: 0,
}

/** For a migration or a script, which somebody watches. */
export const noLimits: SessionLimits = { lockMs: 0, statementMs: 0, idleInTransactionMs: 0, idleMs: 0 }

/**
 * What every session of ours with Postgres has, whatever the server, the database or the role is set to: the adapter
 * reads times as UTC, statements count on READ COMMITTED, and text comes as these settings write it.
 *
 * Only what each role may set, and every supported version knows: Postgres refuses a connection for any other.
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
  // A line that a middlebox has forgotten: by default Linux looks after two hours, and until then its locks are held.
  tcp_keepalives_idle: '15',
  tcp_keepalives_interval: '5',
  tcp_keepalives_count: '3',
  // A client that is gone is noticed in the middle of a statement.
  client_connection_check_interval: '2000',
} as const

/**
 * The settings as the `options` of a startup packet, after those that are given there already. What stands last wins,
 * and all of it wins over ALTER DATABASE and ALTER ROLE.
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
