import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from '../has-code.ts'
import { bareEnvironment, type Home } from './home.ts'
import { isAlive } from './postmaster.ts'

export const superuser = 'wireside'

/** The data folder of the cluster, which exists only once it is complete. */
export function dataDirOf(home: Home): string {
  return join(home.dir, 'data')
}

/**
 * Creates the data folder under a temporary name and renames it, so that a killed `initdb` leaves rubbish for the next
 * start to remove, and never half a cluster. Two simultaneous starts end up with one cluster.
 */
export async function initialise(home: Home, password: string, options: { sync: boolean }): Promise<void> {
  await removeAbandoned(home)
  const fresh = join(home.dir, `fresh-${process.pid}`)
  const passwordFile = join(home.dir, `password-${process.pid}`)
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (home.user) await chown(passwordFile, home.user.uid, home.user.gid)
  try {
    await run(home, [
      ...initdbFlags,
      ...(options.sync ? [] : ['--no-sync']),
      '-D',
      fresh,
      '--pwfile',
      passwordFile,
    ])
    await rename(fresh, dataDirOf(home))
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST')) throw error
  } finally {
    await rm(fresh, { recursive: true, force: true })
    await rm(passwordFile, { force: true })
  }
}

// The built-in locale sorts and folds Unicode the same on every machine, whatever its own locales are.
const initdbFlags = [
  ...['--username', superuser, '--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'],
  ...['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
]

async function run({ binaries, dir, user }: Home, args: string[]) {
  const child = spawn(binaries.initdb, args, {
    ...{ cwd: dir, env: bareEnvironment, stdio: ['ignore', 'ignore', 'pipe'] },
    ...user,
  })
  const said: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text))
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`initdb ended with ${code ?? signal}: ${said.join('').trim()}`)
}

async function removeAbandoned({ dir }: Home) {
  for (const name of await readdir(dir)) {
    const maker = /^(?:fresh|password)-(\d+)$/.exec(name)?.[1]
    if (maker && !isAlive(Number(maker)))
      await rm(join(dir, name), { recursive: true, force: true, maxRetries: 3 })
  }
}
