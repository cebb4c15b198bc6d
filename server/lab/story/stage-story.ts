import pg from 'pg'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import { roleOf, statementsByRole } from '#server/lab/testbed/statistics.ts'
import { type StoryMode, storyModes } from '#server/protocol/lab.ts'
import { distributionSince } from '#server/protocol/lab-distribution.ts'
import type { Distribution, StoryFigures } from '#server/protocol/lab-report.ts'
import { startPollers } from './pollers.ts'
import { startStoryServer } from './story-server.ts'

const role = roleOf('story')

/** The setting of the story: pollers, and two servers that answer them from the same stream of one Postgres. */
export type StorySetup = {
  /** The modes that this machine can run, in order. */
  modes: readonly StoryMode[]
  /** Lets everybody poll the server of this mode from now on. */
  play(mode: StoryMode): void
  /** Adds one entry to the stream. */
  change(): Promise<void>
  /** All counts so far of the server of this mode. */
  read(mode: StoryMode): Promise<Reading>
  /** Stops polling; resolves when every response has arrived. */
  rest(): Promise<void>
  databaseUrl: string
  close(): Promise<void>
}

/** Starts all of it. `shared` is a process of the real app, with sessions and access checks; the others do without. */
export async function stageStory(runId: string, pollers: number, pollMs: number): Promise<StorySetup> {
  await using opened = new AsyncDisposableStack()
  const testbed = await openTestbed({ runId, lanes: ['short'] })
  opened.defer(() => testbed.close())
  const { stream, databaseUrl, writer } = testbed
  const gateway = testbed.gateways.short

  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  opened.defer(() => client.end())
  const { password } = new URL(databaseUrl)
  await client.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${password}'`)
  const server = await startStoryServer(Object.assign(new URL(databaseUrl), { username: role }).href, stream)
  opened.defer(() => server.close())
  const redis = server.redisPort === undefined ? undefined : await openRedis(server.redisPort)
  opened.defer(() => redis?.destroy())
  const crowd = await startPollers(pollers, pollMs)
  opened.defer(() => crowd.close())
  const { cookie } = await testbed.person()
  await writer.say(1)
  const moved = opened.move()

  return {
    modes: storyModes.filter((mode) => mode !== 'redis' || redis !== undefined),
    play(mode) {
      if (mode !== 'shared') server.play(mode)
      crowd.poll({ port: mode === 'shared' ? gateway.port : server.port, cookie, stream })
    },
    change: () => writer.say(1),
    async read(mode) {
      const [polled, statements, commands] = await Promise.all([
        crowd.count(),
        statementsByRole(client),
        mode === 'redis' ? commandsSoFar(redis) : undefined,
      ])
      const isOurs = mode === 'shared'
      return {
        ...{ atMs: performance.now(), polls: polled.polls, latencies: polled.latencies },
        queries: statements.get(isOurs ? roleOf('short') : role) ?? 0,
        cpuMs: (isOurs ? gateway : server).usage().cpuMs,
        ...(commands !== undefined && { redisCommands: commands }),
      }
    },
    rest: crowd.rest,
    databaseUrl,
    close: () => moved.disposeAsync(),
  }
}

/** Counts up to `atMs`, by this process's clock. */
type Reading = {
  atMs: number
  polls: number
  latencies: Distribution
  queries: number
  cpuMs: number
  redisCommands?: number
}

/** The figures between two readings of one server. */
export function figuresBetween(before: Reading, now: Reading): Omit<StoryFigures, 'mode' | 'atMs'> {
  const ms = now.atMs - before.atMs
  const { p50Ms, p99Ms } = distributionSince(before.latencies, now.latencies)
  return {
    pollsPerSecond: ((now.polls - before.polls) * 1_000) / ms,
    queriesPerSecond: ((now.queries - before.queries) * 1_000) / ms,
    ...{ p50Ms, p99Ms },
    cpuShare: (now.cpuMs - before.cpuMs) / ms,
    ...(now.redisCommands !== undefined && {
      redisPerSecond: ((now.redisCommands - (before.redisCommands ?? 0)) * 1_000) / ms,
    }),
  }
}

async function openRedis(port: number) {
  const { createClient } = await import('@redis/client')
  return createClient({ url: `redis://127.0.0.1:${port}` })
    .on('error', () => undefined)
    .connect()
}

/** Commands processed by Redis since its start, including this one. */
async function commandsSoFar(
  redis: Awaited<ReturnType<typeof openRedis>> | undefined,
): Promise<number | undefined> {
  const stats = await redis?.info('stats')
  return stats === undefined ? undefined : Number(/total_commands_processed:(\d+)/.exec(stats)?.[1])
}
