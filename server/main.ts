/** The composition root: reads the environment, starts what is needed, listens, and drains on SIGTERM. */
import { Console } from 'node:console'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { seedDemo } from '#prisma/seed.ts'
import { type App, startApp } from '#server/app.ts'
import { startEmbedded } from '#server/database/embedded.ts'
import { keptSecret } from '#server/database/kept-secret.ts'
import { assertDatabase, preparing } from '#server/database/unusable.ts'
import { demoAccounts } from '#server/domain/accounts/demo-people.ts'
import { type Env, publishEnv, publishPort, readEnv } from '#server/env.ts'
import '#server/leave-at-once.ts'
import { findPort } from '#server/listening.ts'
import { createLogger } from '#server/logger.ts'
import { isPlainRefusal } from '#server/plain-refusals.ts'
import { buildWhenStale } from '#server/web/build.ts'
import { consoleToLog } from '#server/web/console.ts'
import { openNext, type Web } from '#server/web/next.ts'

// Held requests come and go in crowds; by default V8 lets the heap grow to a multiple of the live objects before it
// collects.
setFlagsFromString('--heap-growing-percent=30')

const repository = resolve(import.meta.dirname, '..')
const stateDir = join(repository, '.wireside')

/**
 * For whoever started the process. The global console is redirected to the log: what libraries write to it is not for
 * them.
 */
const terminal = new Console(process.stdout, process.stderr)

/** What has been opened, closed in reverse order: requests drain while the database is still there. */
const opened = new AsyncDisposableStack()
let endsByItself = false
let drainPhase = () => 'the start to be given up'

/** How long closing may take beyond the drain before the process ends itself. */
const graceMs = 5_000
/** Ctrl-C reaches the process twice, from the terminal and from npm: that counts as one signal. */
const sameSignalMs = 300

async function main() {
  const env = await readEnvWithPort()
  const logger = createLogger(env.LOG_LEVEL)
  if (!env.DEV) consoleToLog(logger)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => onSignal(signal, env))
  const databaseUrl = env.DATABASE_URL ?? (await openEmbedded(env))
  await findPort(env)
  await assertDatabase(databaseUrl)
  const secret = env.AUTH_SECRET ?? (await keptSecret(join(stateDir, 'auth-secret')))
  publishEnv({ DATABASE_URL: databaseUrl, AUTH_SECRET: secret, DEMO: env.DEMO, PORT: env.PORT })
  const servesPages = env.ROLES.includes('web') && env.PAGES
  if (servesPages && !env.DEV && env.BUILD_PAGES) await buildWhenStale((line) => terminal.log(line))
  await preparing(databaseUrl, async () => {
    await migrate(databaseUrl)
    await migrateJobs(databaseUrl)
    if (env.DEMO) await seedDemo(databaseUrl)
  })

  const pages = servesPages ? await openPages(env) : undefined
  const app = await startApp({ env, databaseUrl, secret, logger, ...(pages && { pages }), dev: env.DEV })
  drainPhase = app.drainPhase
  opened.defer(() => app.drain())
  if (pages) opened.defer(() => pages.hangUp())
  endsByItself = !env.DEV
  greet(app, env)
}

/** Port 0 means any free port. It is chosen first, because other settings contain the port. */
async function readEnvWithPort(): Promise<Env> {
  const env = readEnv()
  if (env.PORT !== 0) return env
  publishPort(await findPort(env))
  return readEnv()
}

async function openEmbedded(env: Env): Promise<string> {
  const starting = startEmbedded({ stateDir, label: env.BASE_URL })
  // Registered before it has started, because a signal may come meanwhile.
  opened.defer(async () => (await starting.catch(() => undefined))?.stop())
  const { url, abandon } = await starting
  process.once('exit', abandon)
  return url
}

async function openPages(env: Env): Promise<Web> {
  const web = await openNext({ dev: env.DEV, dir: repository })
  opened.defer(() => web.close())
  return web
}

let signalledAt: number | undefined

/** The first signal closes everything, within a time limit; a second one ends the process at once. */
function onSignal(signal: 'SIGTERM' | 'SIGINT', { DRAIN_DELAY_MS, DRAIN_MS }: Env) {
  if (signalledAt !== undefined) {
    if (performance.now() - signalledAt > sameSignalMs) process.exit(128 + constants.signals[signal])
    return
  }
  signalledAt = performance.now()
  setTimeout(giveUp, DRAIN_DELAY_MS + DRAIN_MS + graceMs).unref()
  void close()
}

/** Whatever is still open must not keep alive a process that was told to end. */
function giveUp() {
  const handles = Object.entries(Object.groupBy(process.getActiveResourcesInfo(), (name) => name))
  const open = handles.map(([name, each]) => `${each?.length} ${name}`).join(', ')
  terminal.error(`Ended before it was closed: waited for ${drainPhase()}; still open: ${open || 'nothing'}`)
  process.exit(1)
}

/** A process with nothing open ends by itself, but not during the start, nor with Next's compiler in it. */
async function close() {
  if (opened.disposed) return
  await opened.disposeAsync()
  if (!endsByItself) process.exit()
}

function greet({ url, address }: App, { DEMO }: Env) {
  terminal.log(`Wireside is at ${url} (listening on ${address})`)
  if (DEMO) terminal.log(`\n${demoAccounts()}`)
}

await main().catch(async (error) => {
  if (opened.disposed) return
  terminal.error(isPlainRefusal(error) ? error.message : error)
  process.exitCode = 1
  await close()
})
