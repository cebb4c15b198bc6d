import { parentPort, workerData } from 'node:worker_threads'
import { platformAgent, type WalkIn } from './arms/agent.ts'
import { eventSourceEndsOn503 } from './arms/event-source-ends-on-503.ts'
import { offlineTabs } from './arms/offline-tabs.ts'
import type { SourceTrap } from './on-nodes-event-source.ts'

const arms: Record<SourceTrap, WalkIn> = {
  'event-source-ends-on-503': eventSourceEndsOn503,
  'offline-tabs': offlineTabs,
}
const { trap, at }: { trap: SourceTrap; at: string } = workerData
const agent = platformAgent('No browser took part; Node’s own EventSource')
parentPort?.postMessage(await arms[trap](at, agent, new AbortController().signal))
