import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, isTaken } from '#server/database/ports.ts'
import { createProgram, type Engine, engineIn } from './program.ts'
import { programPath } from './program-path.ts'
import { openRunFolder } from './run-folder.ts'

/** The redis-server of this machine; undefined when there is none. */
export const redisPath = programPath('redis-server')

export type RedisServer = Engine & { url: string; port: number }

type Options = {
  port?: number
  password?: string
  /** It speaks TLS, with the files that `args` name. */
  tls?: boolean
  /** As for `redis-server`: `--maxclients`, `20`. */
  args?: readonly string[]
}

/** Starts a Redis on loopback that keeps nothing on disk, and resolves when it takes connections. */
export async function startRedis({
  password,
  tls = false,
  args = [],
  ...options
}: Options = {}): Promise<RedisServer> {
  if (!redisPath) throw new Error('There is no redis-server on this machine')
  const folder = await openRunFolder('redis')
  const port = options.port ?? (await freePort())
  // In a file, for everybody on the machine reads the arguments of a program.
  const file = join(folder.path, 'redis.conf')
  await writeFile(file, password === undefined ? '' : `requirepass ${password}\n`, { mode: 0o600 })
  const ports = tls ? ['--port', '0', '--tls-port', `${port}`] : ['--port', `${port}`]
  const volatile = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const program = createProgram(folder, {
    name: 'redis',
    command: redisPath,
    args: [file, ...ports, ...volatile, ...args],
    cwd: folder.path,
    isReady: () => isTaken(port),
  })
  await program.start()
  const url = `${tls ? 'rediss' : 'redis'}://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`
  return { ...engineIn(folder, program), url, port }
}
