import { Client } from './client.ts'

/**
 * The database cannot be used as it is: the message is one line that says what to fix, and never contains a password.
 */
export class DatabaseUnusable extends Error {
  override name = 'DatabaseUnusable'
}

const patienceMs = 10_000

/** Connects once. Throws `DatabaseUnusable` when that fails, for whatever reason. */
export async function assertDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: patienceMs })
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch (error) {
    const said = error instanceof Error && error.message !== '' ? error.message : 'the connection failed'
    throw new DatabaseUnusable(whyUnusable(error, url) ?? `DATABASE_URL: ${placeOf(url).server}: ${said}`)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/**
 * Runs `work`, which prepares the database. If the database itself is the obstacle, throws `DatabaseUnusable`; any
 * other error is rethrown.
 */
export async function preparing(url: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const why = whyUnusable(error, url)
    throw why === undefined ? error : new DatabaseUnusable(why, { cause: error })
  }
}

function whyUnusable(error: unknown, url: string): string | undefined {
  const { server, database, user } = placeOf(url)
  for (let at = error; at instanceof Error; at = at.cause) {
    const why = whyOf('code' in at ? at.code : undefined, at.message)
    if (why !== undefined) return `DATABASE_URL: ${why}`
  }
  return undefined

  function whyOf(code: unknown, said: string): string | undefined {
    switch (code) {
      case '3D000':
        return `there is no database "${database}" at ${server}; create it first`
      case '28P01':
      case '28000':
        return `${server} does not let the user "${user}" in: wrong password, or no such user (${said})`
      case '42501':
        return `the user "${user}" lacks rights in the database "${database}" at ${server} (${said}); make it the owner`
      case '25006':
        return `the database "${database}" at ${server} can only be read`
      case '53300':
        return `${server} takes no more connections (${said})`
      case '57P03':
        return `${server} is not ready yet (${said})`
      case 'ENOTFOUND':
      case 'EAI_AGAIN':
        return `the name of ${server} does not resolve`
      case 'ECONNREFUSED':
      case 'ENOENT':
        return `no Postgres answers at ${server}`
      case 'ETIMEDOUT':
      case 'EHOSTUNREACH':
      case 'ENETUNREACH':
        return `${server} cannot be reached`
      default:
        return said === 'timeout expired' ? `${server} does not answer` : undefined
    }
  }
}

function placeOf(url: string): { server: string; database: string; user: string } {
  const { hostname, port, pathname, username } = new URL(url)
  return {
    server: `${hostname || 'localhost'}:${port || 5432}`,
    database: decodeURIComponent(pathname.slice(1)) || decodeURIComponent(username),
    user: decodeURIComponent(username),
  }
}
