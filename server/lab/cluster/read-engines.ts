import { readFileSync } from 'node:fs'
import { createClient } from '@redis/client'
import type { Cluster } from '#server/cluster/open-cluster.ts'
import { connectClient } from '#server/database/client.ts'
import type { Program } from '#server/engines/program.ts'
import { usageOf } from '#server/lab/testbed/testbed.ts'
import type { ClusterPart, ClusterPartKind } from '#server/protocol/lab-cluster.ts'
import type { Rates } from './rates.ts'

type Engines = { read(rates: Rates): Promise<ClusterPart[]>; close(): Promise<void> }

/** Reads each engine's own statistics. One that does not respond only has the kernel's figures. */
export async function openEngines(
  { engines: { haproxy, redis, kafka } }: Cluster,
  databaseUrl: string,
): Promise<Engines> {
  const postgres = await connectClient(databaseUrl)
  // While Postgres is unavailable its figures are missing.
  postgres.on('error', () => undefined)
  const redisClient = redis && createClient({ url: redis.url, disableOfflineQueue: true })
  redisClient?.on('error', () => undefined)
  await redisClient?.connect()

  async function readPostgres(rates: Rates): Promise<ClusterPart> {
    const { rows } = await postgres.query<PostgresRow>(postgresCounts)
    const [row] = rows
    const pids = row?.pids ?? []
    return {
      ...{ name: 'postgres', kind: 'postgres', state: row ? 'ready' : 'down', pid: null, port: null },
      connections: row?.connections ?? null,
      eventsPerSecond: rates.perSecond('postgres entries', row ? Number(row.entries) : null),
      wakeUpsPerSecond: null,
      queriesPerSecond: rates.perSecond('postgres statements', row ? Number(row.statements) : null),
      cpuShare: rates.cpuShare('postgres', pids),
      residentBytes: ownMemory(pids),
    }
  }

  async function readBalancer(rates: Rates, program: NonNullable<typeof haproxy>): Promise<ClusterPart> {
    const info = await program.command('show info')
    const connections = Number(/^CurrConns: (\d+)$/m.exec(info)?.[1] ?? Number.NaN)
    return { ...engine('haproxy', 'balancer', program, program.port, rates), connections }
  }

  async function readRedis(rates: Rates, program: NonNullable<typeof redis>): Promise<ClusterPart> {
    const info = (await redisClient?.info('all')) ?? ''
    const published = [...info.matchAll(/^cmdstat_s?publish:calls=(\d+)/gm)]
    return {
      ...engine('redis', 'redis', program, program.port, rates),
      connections: Number(/^connected_clients:(\d+)/m.exec(info)?.[1]),
      wakeUpsPerSecond: rates.perSecond(
        'redis published',
        published.reduce((sum, [, calls]) => sum + Number(calls), 0),
      ),
    }
  }

  return {
    async read(rates) {
      const kafkaPort = Number(kafka?.brokers.split(':').at(-1))
      const bare = {
        haproxy: haproxy && engine('haproxy', 'balancer', haproxy, haproxy.port, rates),
        redis: redis && engine('redis', 'redis', redis, redis.port, rates),
      }
      const parts = await Promise.all([
        haproxy && readBalancer(rates, haproxy).catch(() => bare.haproxy),
        readPostgres(rates).catch(() => away),
        redis && readRedis(rates, redis).catch(() => bare.redis),
        kafka && engine('kafka', 'kafka', kafka, kafkaPort, rates),
      ])
      return parts.filter((part) => part !== undefined)
    },
    async close() {
      redisClient?.destroy()
      await postgres.end().catch(() => undefined)
    },
  }
}

/** The kernel's figures of an engine. */
function engine(
  name: string,
  kind: ClusterPartKind,
  program: Program,
  port: number,
  rates: Rates,
): ClusterPart {
  const pid = program.pid() ?? null
  return {
    ...{ name, kind, pid, port, state: pid === null ? 'down' : 'ready' },
    ...{ connections: null, eventsPerSecond: null, wakeUpsPerSecond: null, queriesPerSecond: null },
    cpuShare: pid === null ? null : rates.cpuShare(name, [pid]),
    residentBytes: pid === null ? null : usageOf(pid).residentBytes,
  }
}

const away: ClusterPart = {
  ...{ name: 'postgres', kind: 'postgres', state: 'down', pid: null, port: null },
  ...{ connections: null, eventsPerSecond: null, wakeUpsPerSecond: null, queriesPerSecond: null },
  ...{ cpuShare: null, residentBytes: null },
}

type PostgresRow = { pids: number[]; connections: number; entries: string; statements: string }

const postgresCounts = `SELECT
  (SELECT array_agg(pid) FROM pg_stat_activity) AS pids,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,
  (SELECT n_tup_ins::text FROM pg_stat_user_tables WHERE relname = 'log_entry') AS entries,
  (SELECT sum(calls)::text FROM pg_stat_statements) AS statements`

const pageBytes = 4_096

/** Memory that these processes do not share, unlike Postgres' buffers. Null without /proc. */
function ownMemory(pids: readonly number[]): number | null {
  let bytes = 0
  for (const pid of pids) {
    try {
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ').map(Number)
      bytes += (resident - shared) * pageBytes
    } catch {
      // It has just exited.
    }
  }
  return bytes > 0 ? bytes : null
}
