/** The composition root: reads the environment, starts what is needed, listens, and drains on SIGTERM. */
import { join, resolve } from 'node:path'
import { runMigrations } from 'graphile-worker'
import { migrate } from '#prisma/migrate.ts'
import { seedDemo } from '#prisma/seed.ts'
import { demoPassword, demoPeople } from '#server/accounts/demo-people.ts'
import { type App, startApp } from '#server/app.ts'
import { type Embedded, startEmbedded } from '#server/database/embedded.ts'
import { keptSecret } from '#server/database/kept-secret.ts'
import { BadEnvironment, type Env, publishEnv, readEnv } from '#server/env.ts'
import { createLogger } from '#server/logger.ts'
import { buildWhenStale } from '#server/web/build.ts'
import { openNext, type Web } from '#server/web/next.ts'

const repository = resolve(import.meta.dirname, '..')
const stateDir = join(repository, '.wireside')

async function main() {
  const env = readEnv()
  const logger = createLogger(env.LOG_LEVEL)
  const embedded =
    env.DATABASE_URL === undefined ? await startEmbedded({ stateDir, label: env.BASE_URL }) : undefined
  const databaseUrl = env.DATABASE_URL ?? embedded?.url ?? ''
  const secret = env.AUTH_SECRET ?? (await keptSecret(join(stateDir, 'auth-secret')))
  publishEnv({ DATABASE_URL: databaseUrl, AUTH_SECRET: secret, DEMO: env.DEMO, PORT: env.PORT })
  const servesPages = env.ROLES.includes('web')
  if (servesPages && !env.DEV) await buildWhenStale()
  await migrate(databaseUrl)
  await runMigrations({ connectionString: databaseUrl })
  if (env.DEMO) await seedDemo(databaseUrl)

  const web = servesPages ? await openNext({ dev: env.DEV, dir: repository }) : undefined
  const app = await startApp({ env, databaseUrl, secret, logger, ...(web && { pages: web }), dev: env.DEV })
  drainOnSignal(app, web, embedded)
  greet(env)
}

function drainOnSignal(app: App, web: Web | undefined, embedded: Embedded | undefined) {
  let draining = false
  async function drain() {
    if (draining) return
    draining = true
    await app.drain()
    await web?.close()
    await embedded?.stop()
    process.exitCode = 0
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, drain)
}

function greet({ BASE_URL, DEMO }: Env) {
  const people = demoPeople.map(({ email, role }) => `  ${email}  (${role})`)
  const accounts = ['', `Demo accounts, password ${demoPassword}:`, ...people]
  console.log([`Wireside is at ${BASE_URL}`, ...(DEMO ? accounts : [])].join('\n'))
}

try {
  await main()
} catch (error) {
  if (!(error instanceof BadEnvironment)) throw error
  console.error(error.message)
  process.exitCode = 1
}
