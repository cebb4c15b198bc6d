import type { ChildProcess } from 'node:child_process'
import { freePort } from '#server/database/ports.ts'
import { cookiePrefixOf } from '#server/env.ts'
import { endChild, launchChild } from './child.ts'
import { type Gateway, usageOf } from './testbed.ts'

export const labSecret = 'the secret of one run, which nobody else meets'

/** Limits that a crowd from one machine and one user would reach. */
const raised = {
  MAX_CONNECTIONS_PER_ADDRESS: '100000',
  MAX_LONG_POLLS_PER_USER: '100000',
  MAX_SSE_PER_USER: '100000',
  MAX_SOCKETS_PER_USER: '100000',
  SIGN_INS_PER_MINUTE: '100000',
  SIGN_UPS_PER_MINUTE: '100000',
  SIGN_IN_FAILURES_PER_MINUTE: '100000',
  RETENTION_EVENTS: '1000000',
}

/** How a run's process differs from a production one. */
export const labSettings = {
  ...raised,
  PAGES: 'off',
  DEMO: 'off',
  LAB: 'on',
  COOKIE_PREFIX: 'wireside-lab',
  TICKS_PER_SECOND: '0',
  LOG_LEVEL: 'warn',
  DRAIN_DELAY_MS: '0',
}

/** A process of the app as `npm start` starts it, without pages, jobs and prices, on a fixed port. */
export async function startGateway(
  databaseUrl: string,
  trustedOrigins: readonly string[],
  settings: Record<string, string>,
): Promise<Gateway & { close(): Promise<void> }> {
  const port = await freePort()
  const [pageOrigin] = trustedOrigins
  const cookiePrefix = pageOrigin === undefined ? 'wireside-lab' : `${cookiePrefixOf(pageOrigin)}-lab`
  const before = { cpuMs: 0 }
  let child: ChildProcess | undefined

  async function start() {
    child = await launchChild({
      file: 'server/main.ts',
      flags: ['--max-semi-space-size=4'],
      readyText: 'Wireside is at',
      env: {
        ...labSettings,
        DATABASE_URL: databaseUrl,
        AUTH_SECRET: labSecret,
        ROLES: 'web,gateway',
        COOKIE_PREFIX: cookiePrefix,
        PORT: String(port),
        TRUSTED_ORIGINS: trustedOrigins.join(','),
        ...settings,
      },
    })
  }

  const pid = () => child?.pid ?? 0
  await start()
  return {
    port,
    pid,
    usage() {
      const { cpuMs, residentBytes } = usageOf(pid())
      return { cpuMs: before.cpuMs + cpuMs, residentBytes }
    },
    async end(signal) {
      before.cpuMs += usageOf(pid()).cpuMs
      if (child) await endChild(child, signal)
    },
    start,
    async close() {
      if (child) await endChild(child, 'SIGKILL')
    },
  }
}
