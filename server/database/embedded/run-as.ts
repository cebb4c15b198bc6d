import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { bareEnvironment } from './bare-environment.ts'

/** The user that Postgres runs as; undefined when it is ourselves. */
export type RunAs = { uid: number; gid: number } | undefined

/** Postgres refuses to run as root: then it runs as the user `postgres`, which is made when the machine has none. */
export function runAs(): RunAs {
  if (process.getuid?.() !== 0) return undefined
  return postgresUser() ?? makePostgresUser()
}

/** Whether `user` may enter every folder on the way to `path`, and `path` itself if it is one. */
export function canReach(path: string, user: RunAs): boolean {
  if (!user) return true
  const { mode, uid, gid } = statSync(path)
  const enter = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
  if ((mode & enter) === 0) return false
  return dirname(path) === path || canReach(dirname(path), user)
}

function postgresUser(): RunAs {
  // initdb looks its own user up by id, so any free id would not do: it must have a line here.
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
