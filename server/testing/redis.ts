import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
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
): Promise<TestRedis> {
  const port = await freePort()
  let child: ChildProcess | undefined

  async function start() {
    if (!path) throw new Error('There is no redis-server on this machine')
    const plain = args.includes('--tls-port') ? [] : ['--port', String(port)]
    child = spawn(
      path,
      [
        '--bind',
        '127.0.0.1',
        ...plain,
        '--save',
        '',
        '--appendonly',
        'no',
        ...args.map((arg) => arg.replace('PORT', String(port))),
      ],
      {
        stdio: 'ignore',
        cwd: '/tmp',
      },
    )
    await eventually(() => isListening(port))
  }

  async function kill() {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  await start()
  t.after(kill)
  return {
    ...{ port, start, kill, url: `redis://127.0.0.1:${port}` },
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
