import { createHash } from 'node:crypto'
import { chmod, chown, cp, lchown, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { hasCode } from '../has-code.ts'
import { type Binaries, binariesAt, platformBinaries } from './binaries.ts'
import { canReach, type RunAs, runAs } from './run-as.ts'

/** Where one cluster lives and what runs it. `dir` belongs to the user that Postgres runs as. */
export type Home = { dir: string; binaries: Binaries; user: RunAs }

/** What root uses when the user `postgres` cannot enter the repository, a clone under /root for instance. */
const outside = '/var/lib/wireside'

/** Finds or makes the home of the cluster of `stateDir`: inside it, or outside, keyed by its path. */
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

/** Copies a folder whole or not at all: a copy that was cut short must never be taken for one. */
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

/** Makes a folder that everybody may enter, whatever the umask. */
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
