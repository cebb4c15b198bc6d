import type { ProcessRole } from '#server/env.ts'
import type { Context } from '#server/http/context.ts'
import type { Kafka } from '#server/kafka/connection.ts'
import { tellRelay } from '#server/log/tell-relay.ts'
import { openGateway } from './gateway.ts'
import type { RolePart } from './kafka.ts'
import { openRelay } from './relay.ts'
import { openWorker } from './worker.ts'

/** What a role does by itself, until it is closed. */
export type RunningRole = {
  /** For a role that only one process performs at a time: whether it is this one. */
  isLeading?(): boolean
  /** Whether Kafka responds to this role. */
  isConnected?(): boolean
  close(): Promise<void>
}

export type RunningRoles = {
  leads(): ProcessRole[]
  /** Whether Kafka responds to this process; undefined without Kafka. */
  isConnected: (() => boolean) | undefined
  close(): Promise<void>
}

/** What roles do besides serving requests; `web` does nothing else. */
const openers: Partial<
  Record<ProcessRole, (context: Context, part: RolePart) => Promise<RunningRole | undefined>>
> = {
  gateway: openGateway,
  worker: openWorker,
  relay: openRelay,
}

/** Opens the roles of this process. Call it after the log has started. */
export async function openRoles(context: Context, part: RolePart): Promise<RunningRoles> {
  if (part.kafka) tellRelay(context)
  const opened = await Promise.all(
    context.env.ROLES.map(async (name) => ({ name, role: await openers[name]?.(context, part) })),
  )
  const following = opened.flatMap(({ role }) => (role?.isConnected ? [role.isConnected] : []))
  const watched = part.kafka && following.length === 0 ? await watch(part.kafka) : undefined
  return {
    leads: () => opened.filter(({ role }) => role?.isLeading?.()).map(({ name }) => name),
    isConnected: watched?.isConnected ?? following[0],
    async close() {
      await Promise.all([...opened.map(({ role }) => role?.close()), watched?.close()])
    },
  }
}

async function watch(kafka: Kafka) {
  const { watchKafka } = await import('#server/kafka/watch-kafka.ts')
  return watchKafka(kafka)
}
