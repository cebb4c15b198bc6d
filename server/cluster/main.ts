/** `npm run cluster`: a cluster on this machine, until Ctrl-C. */
import { constants } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { leash } from '#server/database/embedded/leash.ts'
import { startEmbedded } from '#server/database/embedded.ts'
import { keptSecret } from '#server/database/kept-secret.ts'
import { assertDatabase } from '#server/database/unusable.ts'
import { demoAccounts } from '#server/domain/accounts/demo-people.ts'
import { DidNotStart } from '#server/engines/program.ts'
import { type Env, readEnv, settingsForNodes } from '#server/env.ts'
import { findPort } from '#server/listening.ts'
import { isPlainRefusal } from '#server/plain-refusals.ts'
import { buildWhenStale } from '#server/web/build.ts'
import { BadOptions, help, readOptions } from './command-options.ts'
import { handleKeys, keys } from './keys.ts'
import { type Cluster, openCluster } from './open-cluster.ts'

const repository = resolve(import.meta.dirname, '../..')
const stateDir = join(repository, '.wireside')
/** Gateways may be added, and each takes up to 18. */
const postgresSettings = { max_connections: '400' }

const opened = new AsyncDisposableStack()

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options === 'help') return console.log(help)
  const env = readEnv()
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => onSignal(signal))
  const port = await findPort(env)
  const databaseUrl = env.DATABASE_URL ?? (await openEmbedded(env))
  await assertDatabase(databaseUrl)
  if (env.PAGES) await buildWhenStale()
  console.log('Starting the nodes')
  const cluster = await openCluster({
    ...{ databaseUrl, port, host: env.HOST, gateways: options.gateways, webs: options.webs },
    secret: env.AUTH_SECRET ?? (await keptSecret(join(stateDir, 'auth-secret'))),
    engines: options,
    stateDir: join(stateDir, 'cluster'),
    settings: { ...settingsForNodes(), DEMO: env.DEMO ? 'on' : 'off' },
  })
  opened.defer(() => cluster.close())
  console.log(summaryOf(cluster, env))
  reportChanges(cluster)
  opened.defer(handleKeys(cluster, () => onSignal('SIGINT')))
}

async function openEmbedded(env: Env): Promise<string> {
  const { url, pid, stop } = await startEmbedded({
    stateDir,
    label: env.BASE_URL,
    settings: postgresSettings,
  })
  const held = leash('kill -INT "$1"', `${pid}`)
  opened.defer(async () => {
    await stop()
    held.release()
  })
  return url
}

function summaryOf({ entrance, certFile, nodes, engines, missing }: Cluster, { DEMO, PORT }: Env): string {
  const { haproxy, redis, kafka } = engines
  const programs = [
    ...(haproxy ? [{ name: 'haproxy', port: PORT, roles: 'load balancer' }] : []),
    ...nodes(),
    ...(redis ? [{ name: 'redis', port: redis.port, roles: 'wake-ups, presence, rates' }] : []),
    ...(kafka ? [{ name: 'kafka', port: portOf(kafka.brokers), roles: 'entries, prices' }] : []),
  ]
  const rows = programs.map(
    ({ name, port, roles }) => `  ${name.padEnd(11)} ${`${port}`.padStart(5)}  ${roles}`,
  )
  return [
    '',
    `Wireside is at ${entrance}`,
    ...(certFile
      ? ['Its certificate was made on this machine: your browser will ask whether to trust it.']
      : []),
    ...['', ...rows, '', ...missing],
    `Logs: ${relative(process.cwd(), join(stateDir, 'cluster/logs'))}`,
    ...(DEMO ? ['', demoAccounts()] : []),
    ...['', keys],
  ].join('\n')
}

const portOf = (address: string) => Number(address.slice(address.lastIndexOf(':') + 1))

function reportChanges(cluster: Cluster) {
  cluster.onChange((node) => {
    const { name, roles, port } = node
    const words = {
      starting: 'is starting',
      ready: `is ready on port ${port} (${roles})`,
      draining: 'is draining',
      down: 'has ended, and is started again',
      ended: 'has left',
    }
    console.log(`${name} ${words[node.state()]}`)
  })
}

let signalledAt: number | undefined
/** Ctrl-C arrives twice, from the terminal and from npm: within this time it is one signal. */
const sameSignalMs = 300

/** The first signal drains everything. A second one exits at once and kills everything that was started. */
function onSignal(signal: 'SIGTERM' | 'SIGINT' | 'SIGHUP') {
  if (signalledAt !== undefined) {
    if (performance.now() - signalledAt > sameSignalMs) process.exit(128 + constants.signals[signal])
    return
  }
  signalledAt = performance.now()
  console.log('Draining all nodes; once more to end at once')
  void close()
}

async function close() {
  await opened.disposeAsync()
  process.exit()
}

await main().catch(async (error) => {
  if (opened.disposed) return
  const isPlain = isPlainRefusal(error) || error instanceof DidNotStart || error instanceof BadOptions
  console.error(isPlain ? error.message : error)
  process.exitCode = 1
  await close()
})
