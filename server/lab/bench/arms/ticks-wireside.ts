/** Our own arm of prices: the app as `server/main.ts` starts it, and a journal of what comes on its board. */
import { setFlagsFromString } from 'node:v8'
import { startApp } from '#server/app.ts'
import { readEnv } from '#server/env.ts'
import { createLogger } from '#server/logger.ts'
import { createTickJournal } from './market.ts'

setFlagsFromString('--heap-growing-percent=30')
const env = readEnv()
const app = await startApp({
  env,
  databaseUrl: env.DATABASE_URL ?? '',
  secret: env.AUTH_SECRET ?? '',
  logger: createLogger(env.LOG_LEVEL),
})
const journal = createTickJournal(env.TICKS_PER_SECOND)
app.context.prices.onTick((tick) => journal.note(tick))
process.once('SIGTERM', () => void app.drain().then(() => process.disconnect()))
