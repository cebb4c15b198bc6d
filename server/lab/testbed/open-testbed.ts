import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { connectClient } from '#server/database/client.ts'
import { type Cluster, startCluster } from '#server/database/embedded/cluster.ts'
import { superuser } from '#server/database/embedded/initialise.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { startGateway } from './gateway.ts'
import { committedAfter, LastingCounts, roleOf, statementsByRole, statisticsSettings } from './statistics.ts'
import type { Gateway, StartedNodes, Testbed, TestbedOptions } from './testbed.ts'
import { startWriter } from './writer.ts'

const database = 'lab'

/**
 * The testbed of a run: its own Postgres, one process of the app per lane, and a writer, all ended by `close` and with
 * this process. Takes some seconds.
 */
export async function openTestbed({
  runId,
  lanes = deliveryNames,
  settings = {},
  postgres = {},
  trustedOrigins = [],
  startNodes,
}: TestbedOptions): Promise<Testbed> {
  await using opened = new AsyncDisposableStack()
  const cluster = await startCluster({ ...statisticsSettings, ...postgres })
  opened.defer(() => cluster.destroy())
  const databaseUrl = cluster.urlOf(database)
  await prepare(cluster, [...lanes, 'writer'])
  const stream = `lab:${runId}`
  const starting = startNodes?.(databaseUrl) ?? startLanes(databaseUrl, lanes, trustedOrigins, settings)
  const defer = <T extends { close(): Promise<void> }>(started: T): T => {
    opened.defer(() => started.close())
    return started
  }
  const nodes = starting.then(defer)
  // The writer must find the cluster's engines, if there are any.
  const settled = startNodes ? nodes.then((started) => started.settings) : Promise.resolve({})
  const writing = settled.then((more) => startWriter(urlAs(databaseUrl, 'writer'), stream, more)).then(defer)
  await Promise.allSettled([nodes, writing])
  const { gateways, webPort } = await nodes
  const writer = await writing

  const counts = new LastingCounts()
  let asking: Promise<pg.Client> | undefined
  const forget = () => {
    asking = undefined
  }
  const client = () => {
    asking ??= connect(databaseUrl, forget)
    // While Postgres is unavailable: the next call retries.
    asking.catch(forget)
    return asking
  }
  opened.defer(async () => void (await asking?.then((open) => open.end()).catch(() => undefined)))
  const postgresVersion = (
    await (await client()).query<{ version: string }>("SELECT current_setting('server_version') AS version")
  ).rows[0]
  const moved = opened.move()

  return {
    ...{ stream, gateways, writer, databaseUrl },
    postgresLogFile: cluster.logFile,
    postgresVersion: postgresVersion?.version ?? 'unknown',
    person: () => signUp(webPort),
    committed: async (after) => committedAfter(await client(), stream, after),
    async queries() {
      counts.take(await statementsByRole(await client()))
      return counts.byLane(superuser)
    },
    stopPostgres: () => cluster.stop(),
    startPostgres: () => cluster.start(),
    close: () => moved.disposeAsync(),
  }
}

/** A process for each of `lanes`; the first of them serves the other lanes. */
async function startLanes(
  databaseUrl: string,
  lanes: readonly DeliveryName[],
  trustedOrigins: readonly string[],
  settings: Record<string, string>,
): Promise<StartedNodes> {
  await using opened = new AsyncDisposableStack()
  const started = lanes.map((lane) =>
    startGateway(urlAs(databaseUrl, lane), trustedOrigins, settings).then((gateway) => {
      opened.defer(() => gateway.close())
      return [lane, gateway] as const
    }),
  )
  await Promise.allSettled(started)
  const byLane = new Map<DeliveryName, Gateway>(await Promise.all(started))
  const first = byLane.get(lanes[0] ?? 'short')
  if (!first) throw new Error('A testbed needs a lane')
  const gateways = Object.fromEntries(
    deliveryNames.map((lane) => [lane, byLane.get(lane) ?? first]),
  ) as Record<DeliveryName, Gateway>
  const moved = opened.move()
  return { webPort: first.port, gateways, settings: {}, close: () => moved.disposeAsync() }
}

async function prepare(cluster: Cluster, roles: string[]) {
  const { password } = new URL(cluster.urlOf('postgres'))
  const root = await connect(cluster.urlOf('postgres'))
  await root.query(`CREATE DATABASE ${database}`)
  for (const role of roles)
    await root.query(`CREATE ROLE ${roleOf(role)} LOGIN SUPERUSER PASSWORD '${password}'`)
  await root.end()
  const url = cluster.urlOf(database)
  await migrate(url)
  await migrateJobs(url)
  const owner = await connect(url)
  await owner.query('CREATE EXTENSION pg_stat_statements')
  await owner.end()
}

function urlAs(databaseUrl: string, lane: string): string {
  return Object.assign(new URL(databaseUrl), { username: roleOf(lane) }).href
}

async function connect(url: string, lost: () => void = () => undefined): Promise<pg.Client> {
  const client = await connectClient(url)
  client.on('error', lost)
  client.on('end', lost)
  return client
}

async function signUp(port: number) {
  const email = `${randomBytes(6).toString('hex')}@lab.example.test`
  const password = randomBytes(12).toString('base64url')
  const answer = await fetch(`http://127.0.0.1:${port}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Somebody of the lab', email, password }),
  })
  if (!answer.ok) throw new Error(`Could not sign up: ${answer.status} ${await answer.text()}`)
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  return { cookie, email, password }
}
