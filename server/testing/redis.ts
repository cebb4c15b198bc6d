import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Redis, RedisClient } from '#server/backplane/redis.ts'
import { RedisUnavailable } from '#server/backplane/redis-errors.ts'
import { isTaken } from '#server/database/embedded/launch.ts'
import { leash } from '#server/database/embedded/leash.ts'
import { eventually } from './eventually.ts'
import { freePort } from './free-port.ts'

const places = ['/usr/bin/redis-server', '/usr/local/bin/redis-server', '/opt/homebrew/bin/redis-server']
const path = places.find((each) => existsSync(each))

/** Why tests that need a Redis are skipped; false when this machine has one. */
export const noRedis = path ? false : 'there is no redis-server on this machine (Debian: redis-server)'

export type TestRedis = {
  url: string
  port: number
  /** It keeps its connections and says nothing any more, until it is thawed. */
  freeze(): void
  thaw(): void
  /** As in a crash; what it held is lost. */
  kill(): Promise<void>
  /** Again on the same port, empty. */
  start(): Promise<void>
}

/** A Redis of its own for a test, which keeps nothing on disk. `args` as for `redis-server`: `--requirepass`, `word`. */
export async function testRedis(
  t: Pick<TestContext, 'after'>,
  args: readonly string[] = [],
  { tls = false } = {},
): Promise<TestRedis> {
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'wireside-redis-'))
  const ports = tls ? ['--port', '0', '--tls-port', String(port)] : ['--port', String(port)]
  let child: ChildProcess | undefined

  async function start() {
    if (!path) throw new Error('There is no redis-server on this machine')
    const volatile = ['--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no']
    child = spawn(path, [...ports, ...volatile, ...args], { stdio: 'ignore' })
    leash(end, `${child.pid}`)
    await eventually(() => isTaken(port))
  }

  async function kill() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  await start()
  t.after(async () => {
    await kill()
    await rm(dir, { recursive: true, force: true })
  })
  return {
    ...{ port, start, kill, url: `${tls ? 'rediss' : 'redis'}://127.0.0.1:${port}` },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

/** Another process may have its number by then. */
const end = 'case "$(ps -o comm= -p "$1")" in *redis-server*) kill -9 "$1" ;; esac'

/** What `work` gives, asked for again where a busy machine has not answered within the deadline of a call. */
export async function insist<T>(redis: Redis, work: (client: RedisClient) => Promise<T>): Promise<T> {
  const { answer } = await eventually(async () => {
    try {
      return { answer: await redis.call(work) }
    } catch (error) {
      if (error instanceof RedisUnavailable) return undefined
      throw error
    }
  })
  return answer
}
