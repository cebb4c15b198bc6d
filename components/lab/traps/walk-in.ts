import { platformAgent, type WalkIn } from '#server/lab/traps/arms/agent.ts'
import { eventSourceEndsOn503 } from '#server/lab/traps/arms/event-source-ends-on-503.ts'
import { offlineTabs } from '#server/lab/traps/arms/offline-tabs.ts'
import { sixConnections } from '#server/lab/traps/arms/six-connections.ts'
import { somebodyElsesEtag } from '#server/lab/traps/arms/somebody-elses-etag.ts'
import type { TrapName } from '#server/protocol/lab.ts'

/** The traps into which this browser itself walks. */
const arms: Partial<Record<TrapName, WalkIn>> = {
  'six-connections': sixConnections,
  'event-source-ends-on-503': eventSourceEndsOn503,
  'offline-tabs': offlineTabs,
  'somebody-elses-etag': somebodyElsesEtag,
}

/** Whether a browser is needed to show it as it is. */
export const isWalkedInto = (trap: TrapName) => trap in arms

/** Walks into the trap behind `port` of this host, unless another page was first, and tells what was seen. */
export async function walkIn(trap: TrapName, port: number, signal: AbortSignal): Promise<void> {
  const walk = arms[trap]
  const at = `http://${window.location.hostname}:${port}`
  const hello = await fetch(`${at}/hello`, { method: 'POST', signal })
  if (!walk || hello.status !== 204) return
  const walked = await walk(at, platformAgent('This browser'), signal)
  await fetch(`${at}/told`, { method: 'POST', body: JSON.stringify(walked), signal })
}
