import { execFileSync } from 'node:child_process'

/** Besides the crowd's sockets: the database, the log's connections, libraries, the event loop itself. */
const spare = 300

/**
 * How many connections a process may hold here: each is an open file, at either end. Node raises its own soft limit
 * to the hard one when it starts, so that what counts is the hard one.
 */
export function connectionsAllowed(): number {
  const limit = execFileSync('/bin/sh', ['-c', 'ulimit -H -n'], { encoding: 'latin1' }).trim()
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit) - spare
}
