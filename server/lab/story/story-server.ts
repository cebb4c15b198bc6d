import { freePort } from '#server/database/ports.ts'
import { redisPath } from '#server/engines/redis.ts'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import { type Usage, usageOf } from '#server/lab/testbed/testbed.ts'
import type { StoryMode } from '#server/protocol/lab.ts'

/** The modes of the small server; the remaining one is the app's own gateway. */
export type ServedMode = Exclude<StoryMode, 'shared'>

/** A small server that answers polls of one stream from Postgres, from memory, or from a Redis of its own. */
type StoryServer = {
  port: number
  /** The port of its Redis; undefined without one, and then without the mode that needs it. */
  redisPort: number | undefined
  play(mode: ServedMode): void
  usage(): Usage
  close(): Promise<void>
}

/** Starts it as a process, under the role in `databaseUrl`; its Redis ends with it. */
export async function startStoryServer(databaseUrl: string, stream: string): Promise<StoryServer> {
  const port = await freePort()
  const redisPort = redisPath === undefined ? undefined : await freePort()
  const child = await launchChild({
    file: `${import.meta.dirname}/story-server-process.ts`,
    args: [databaseUrl, String(port), stream, ...(redisPort === undefined ? [] : [String(redisPort)])],
    flags: ['--max-semi-space-size=4'],
    readyText: 'ready',
  })
  return {
    ...{ port, redisPort },
    play: (mode) => void child.send(mode),
    usage: () => usageOf(child.pid ?? 0),
    close: () => endChild(child, 'SIGTERM'),
  }
}
