import { readFileSync } from 'node:fs'

/** Besides the crowd's sockets: the database, the log's connections, libraries, the event loop itself. */
const spare = 300

/**
 * How many connections a process may hold here: each is an open file, at either end. Node raises its own soft limit
 * to the hard one when it starts, so that what counts is the hard one (Linux, `/proc`).
 */
export function connectionsAllowed(): number {
  const line = /^Max open files +(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
  return line === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line) - spare
}
