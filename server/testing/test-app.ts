import { after } from 'node:test'
import type { Logger } from 'pino'
import { migrateJobs } from '#prisma/migrate.ts'
import { type App, startApp } from '#server/app.ts'
import { freePort } from '#server/database/ports.ts'
import { type Env, readEnv } from '#server/env.ts'
import { createLogger } from '#server/logger.ts'
import { sessionSettings } from './session-settings.ts'
import { testDatabase } from './test-database.ts'

type Hooks = Parameters<typeof testDatabase>[0]
export type TestApp = App & { databaseUrl: string }

/** A node on its own database and a free port, without pages; drained after the test. `runFile` plays its runs. */
export async function testApp(
  t: Hooks,
  settings: Record<string, string> = {},
  logger: Logger = silent,
  runFile?: string,
): Promise<TestApp> {
  const { url } = await testDatabase(t)
  return { ...(await appOn(t, url, settings, logger, runFile)), databaseUrl: url }
}

/** The same for all tests of a file: call it at the top level. */
export function fileApp(settings: Record<string, string> = {}): Promise<TestApp> {
  return testApp({ after: (hook) => after(hook as () => Promise<void>) }, settings)
}

/** The same on an existing database: a second node, or the first one restarted. */
export async function appOn(
  t: Hooks,
  databaseUrl: string,
  settings: Record<string, string> = {},
  logger: Logger = silent,
  runFile?: string,
  listenUrl?: string,
): Promise<App> {
  await migrateJobs(databaseUrl)
  const app = await startApp({
    env: await testEnv(settings),
    databaseUrl,
    secret: sessionSettings.AUTH_SECRET,
    logger,
    ...(runFile && { runFile }),
    ...(listenUrl && { listenUrl }),
  })
  let drained: Promise<void> | undefined
  const drain = () => {
    drained ??= app.drain()
    return drained
  }
  t.after(drain)
  return { ...app, drain }
}

const silent = createLogger('silent')

async function testEnv(settings: Record<string, string>): Promise<Env> {
  const port = await freePort()
  return readEnv({
    NODE_ENV: 'test',
    PORT: String(port),
    STAGE_MS: '20',
    DRAIN_MS: '2000',
    ...sessionSettings,
    TICKS_PER_SECOND: '0',
    // A test's crowd signs in from one address.
    SIGN_INS_PER_MINUTE: '100000',
    ...settings,
  })
}
