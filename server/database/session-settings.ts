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
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
} as const

/**
 * The settings as the `options` of a startup packet, after those that are given there already. What stands last wins,
 * and all of it wins over ALTER DATABASE and ALTER ROLE.
 */
export function startupOptions(given: string | undefined): string {
  const ours = Object.entries(sessionSettings).map(
    ([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`,
  )
  return [...(given ? [given] : []), ...ours].join(' ')
}
