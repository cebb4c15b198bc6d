import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { migrate, migrateJobs } from '#prisma/migrate.ts'
import { seedDemo } from '#prisma/seed.ts'
import { freePort } from '#server/database/ports.ts'
import { preparing } from '#server/database/unusable.ts'
import type { Program } from '#server/engines/program.ts'
import { openRunFolder } from '#server/engines/run-folder.ts'
import { type Balancer, startBalancer, type Tuning } from './balancer.ts'
import { keptCertificate } from './certificate.ts'
import type { ClusterNode } from './cluster-node.ts'
import { type EngineChoice, planEngines, type StartedEngines, startEngines } from './engines.ts'
import { keepRunning } from './keep-running.ts'
import { createMembers, type NodeKind } from './members.ts'

export type Cluster = {
  /** The URL for browsers, such as https://localhost:3000. */
  entrance: string
  /** The certificate that clients of the entrance must trust; undefined over plain HTTP. */
  certFile: string | undefined
  /** Its nodes, in the order they were added. */
  nodes(): readonly ClusterNode[]
  /** Adds a node; resolves when it is ready and receives traffic. */
  add(kind: NodeKind): Promise<ClusterNode>
  /** Drains a node and removes it: the balancer stops routing to it before it exits. */
  drain(node: ClusterNode): Promise<void>
  engines: StartedEngines & { haproxy?: Balancer }
  /** A line for each missing engine. */
  missing: readonly string[]
  /** Calls `listener` with each node whose state has changed. */
  onChange(listener: (node: ClusterNode) => void): void
  /** Drains all nodes, then stops the engines that the cluster started. */
  close(): Promise<void>
}

export type ClusterOptions = {
  gateways: number
  webs: number
  /** The Postgres to use; it is migrated. */
  databaseUrl: string
  secret: string
  /** Where the entrance listens; by default 127.0.0.1 and a free port. */
  host?: string
  port?: number
  engines?: EngineChoice
  /** Where certificate and logs are kept; by default they are removed with the cluster. */
  stateDir?: string
  /**
   * Environment of the nodes, overriding the cluster's own: REDIS_URL and KAFKA_BROKERS of engines that already run,
   * limits …
   */
  settings?: Record<string, string>
  /** The roles of processes that serve no clients. Default: one process for each. */
  others?: readonly string[]
  /** Whether nodes and engines that exit are restarted. Default: yes. */
  keptRunning?: boolean
  /** Changes to the balancer for an experiment. */
  tuning?: Tuning
}

/**
 * Starts a cluster on this machine with the available engines, and resolves when all of it is ready. The pages must be
 * built. None of it outlives this process, even after a kill -9. Throws `DidNotStart` and `DatabaseUnusable`.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const { databaseUrl, host = '127.0.0.1', keptRunning = true, stateDir } = options
  const given = options.settings ?? {}
  await using opened = new AsyncDisposableStack()
  const folder = await openRunFolder('nodes')
  opened.defer(folder.remove)
  const port = options.port ?? (await freePort())
  const { has, missing } = planEngines(options.engines ?? {}, given)
  const certificate = has('tls') ? await keptCertificate(stateDir ?? folder.path) : undefined
  const started = startEngines(has, given, opened)
  await preparing(databaseUrl, () => prepare(databaseUrl, given.DEMO === 'on'))
  const { engines, settings } = await started

  const isBalanced = has('haproxy')
  const scheme = certificate ? 'https' : 'http'
  const entrance = given.BASE_URL ?? new URL(`${scheme}://${nameOf(host)}:${port}`).origin
  const listeners: ((node: ClusterNode) => void)[] = []
  const onChange = (node: ClusterNode) => {
    for (const listener of listeners) listener(node)
  }
  let haproxy: Balancer | undefined
  opened.defer(() => haproxy?.destroy())
  const logDir = stateDir === undefined ? folder.path : join(stateDir, 'logs')
  await mkdir(logDir, { recursive: true })
  const members = createMembers({
    ...{ host, port, entrance, isBalanced, folder, logDir, keptRunning, onChange },
    settings: { DATABASE_URL: databaseUrl, AUTH_SECRET: options.secret, ...settings, ...given },
  })
  opened.defer(members.drainAll)
  for (let n = 0; n < options.gateways; n += 1) await members.createServer('gateway')
  for (let n = 0; n < options.webs; n += 1) await members.createServer('web')
  const relays = has('kafka') ? ['relay'] : []
  for (const roles of options.others ?? ['worker', 'prices', ...relays]) await members.createOther(roles)
  await Promise.all(members.all().map((node) => node.start()))
  if (isBalanced) {
    const { tuning } = options
    const servers = { gateways: portsOf(members.all(), 'gateway'), webs: portsOf(members.all(), 'web') }
    haproxy = await startBalancer({
      host,
      port,
      baseUrl: entrance,
      servers,
      tuning,
      pemFile: certificate?.pemFile,
    })
  }
  if (keptRunning) {
    for (const engine of [engines.redis, engines.kafka, haproxy]) if (engine) opened.defer(keepEngine(engine))
  }
  const moved = opened.move()

  return {
    ...{ entrance, certFile: certificate?.certFile, missing },
    engines: { ...engines, ...(haproxy && { haproxy }) },
    nodes: members.all,
    async add(kind) {
      const node = await members.createServer(kind)
      await node.start()
      await haproxy?.route(`${kind}s`, node.name, node.port)
      return node
    },
    async drain(node) {
      await members.drain(node)
      if (node.roles === 'gateway' || node.roles === 'web')
        await haproxy?.route(`${node.roles}s`, node.name, undefined)
    },
    onChange: (listener) => void listeners.push(listener),
    close: () => moved.disposeAsync(),
  }
}

async function prepare(databaseUrl: string, demo: boolean) {
  await migrate(databaseUrl)
  await migrateJobs(databaseUrl)
  if (demo) await seedDemo(databaseUrl)
}

/** The name under which browsers reach the address that the entrance listens on. */
function nameOf(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

function portsOf(nodes: readonly ClusterNode[], roles: string): ReadonlyMap<string, number> {
  return new Map(nodes.filter((node) => node.roles === roles).map(({ name, port }) => [name, port]))
}

/** Keeps an engine running; returns a function that stops restarting it. */
function keepEngine(engine: Program): () => void {
  const keeper = keepRunning(engine, () => undefined)
  keeper.keep()
  return keeper.release
}
