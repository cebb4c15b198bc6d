import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '#server/database/ports.ts'
import { cookiePrefixOf } from '#server/env.ts'
import { type TcpProxy, tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { compileCache } from '#server/testing/compile-cache.ts'
import { sessionSettings } from '#server/testing/session-settings.ts'
import { testDatabase } from '#server/testing/test-database.ts'

/** The production build, started as a user would, behind a proxy whose connections can be cut. */
export type RunningApp = {
  /** Through the proxy, for browsers. */
  url: string
  /** Past the proxy, for API clients. */
  port: number
  databaseUrl: string
  cookiePrefix: string
  line: TcpProxy
  /** Kills it with kill -9 and restarts it on the same port; resolves when it is ready. */
  killAndStart(): Promise<void>
}

const startWithinMs = 30_000

/** Starts the app on a database of its own; once `use` resolves, the app drains and must exit with 0. */
export async function withRunningApp(
  settings: Record<string, string>,
  use: (app: RunningApp) => Promise<void>,
): Promise<void> {
  const released: (() => void)[] = []
  const { url: databaseUrl } = await testDatabase({
    after: (release) => void released.push(release as () => void),
  })
  const port = await freePort()
  const line = await tcpProxy({ port })
  const url = `http://localhost:${line.port}`
  const boot = () =>
    start({ ...quick, PORT: String(port), BASE_URL: url, DATABASE_URL: databaseUrl, ...settings })
  const ready = ({ child, output }: Started) => whenReady(`http://127.0.0.1:${port}/readyz`, child, output)
  let started = boot()

  async function killAndStart() {
    const ended = once(started.child, 'exit')
    started.child.kill('SIGKILL')
    await ended
    started = boot()
    await ready(started)
  }

  try {
    await ready(started)
    await use({ url, port, databaseUrl, cookiePrefix: cookiePrefixOf(url), line, killAndStart })
  } finally {
    await line.close()
    const { child } = started
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
    for (const release of released) release()
  }
  const { child, output } = started
  if (child.exitCode !== 0) throw new Error(`The app ended with ${child.exitCode}:\n${output.join('')}`)
}

/** Short stages, and limits that a fast test does not reach. */
const quick = {
  NEXT_TELEMETRY_DISABLED: '1',
  AUTH_SECRET: sessionSettings.AUTH_SECRET,
  DEMO: 'on',
  LOG_LEVEL: 'warn',
  STAGE_MS: '300',
  DRAIN_DELAY_MS: '0',
  DRAIN_MS: '3000',
  SIGN_INS_PER_MINUTE: '10000',
  SIGN_UPS_PER_MINUTE: '10000',
  CHAT_BURST: '1000',
  CHAT_PER_SECOND: '1000',
  ROOMS_PER_MINUTE: '1000',
  INVITATIONS_PER_MINUTE: '1000',
  MESSAGE_CHANGES_PER_MINUTE: '1000',
  POSTS_PER_MINUTE: '500',
  COMMENTS_PER_MINUTE: '500',
  LIKES_PER_MINUTE: '500',
}

type Started = ReturnType<typeof start>

function start(settings: Record<string, string>) {
  const child = spawn(process.execPath, ['server/main.ts'], {
    cwd: resolve(import.meta.dirname, '..'),
    env: {
      ...compileCache,
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  }
  return { child, output }
}

async function whenReady(url: string, child: ChildProcess, output: string[]) {
  for (let waitedMs = 0; waitedMs < startWithinMs && child.exitCode === null; waitedMs += 50) {
    const answer = await fetch(url).catch(() => undefined)
    await answer?.body?.cancel()
    if (answer?.ok) return
    await delay(50)
  }
  throw new Error(`The app did not start within ${startWithinMs} ms:\n${output.join('')}`)
}
