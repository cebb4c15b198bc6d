import { readFile } from 'node:fs/promises'

/** Settings with which Postgres writes down each statement that it runs, after the role that asked for it. */
export const statementLogSettings = { log_statement: 'all', log_line_prefix: '%u ' }

/** Statements by role, as Postgres has written them down one by one. */
export async function loggedStatements(file: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const role = /^(\w+) LOG: {2}(?:statement|execute [^:]*): /.exec(line)?.[1]
    if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1)
  }
  return counts
}
