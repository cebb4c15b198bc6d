import type { ProcessRole } from '#server/env.ts'
import type { Context } from '#server/http/context.ts'
import { openRelay } from './relay.ts'
import { openWorker } from './worker.ts'

/** What a role does by itself, until it is closed. */
export type RunningRole = { close(): Promise<void> }

/** What the roles do besides answering requests; `web` and `gateway` do nothing else. */
const openers: Partial<Record<ProcessRole, (context: Context) => Promise<RunningRole>>> = {
  worker: openWorker,
  relay: openRelay,
}

/** Opens the roles of this process. Call it when the log has started. */
export async function openRoles(context: Context): Promise<RunningRole> {
  const opened = await Promise.all(context.env.ROLES.map((role) => openers[role]?.(context)))
  return {
    async close() {
      await Promise.all(opened.map((role) => role?.close()))
    },
  }
}
