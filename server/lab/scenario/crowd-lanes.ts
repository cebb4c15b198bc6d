import { type DeliveryName, deliveryNames, type Scenario } from '#server/protocol/lab.ts'
import type { CrowdLane } from '../crowd/crowd.ts'

const controls = 5

/** The clients of a scenario, and where they go. */
export function crowdLanes(
  { clients, pollMs, network }: Scenario,
  portOf: (lane: DeliveryName) => number,
): CrowdLane[] {
  const lanes: CrowdLane[] = deliveryNames.map((lane) => ({
    ...{ lane, count: clients[lane], port: portOf(lane), pollMs },
  }))
  // The naive client loses only where something breaks; elsewhere it would but weigh on the lane that it borrows.
  if (network.kind !== 'clean') {
    lanes.push({ lane: 'control', count: Math.min(controls, clients.sse), port: portOf('sse') })
  }
  return lanes.filter(({ count }) => count > 0)
}

/** How long what is on its way may take after the last event: a round of polls, a way back after a fault, and some. */
export function patienceMs({ pollMs, network }: Scenario): number {
  return 5_000 + 1.5 * Math.min(pollMs, 60_000) + healingMs(network)
}

/** Between two tries of a client that has failed often. */
const longestPauseMs = 20_000

function healingMs(network: Scenario['network']): number {
  switch (network.kind) {
    case 'clean':
    case 'buffering':
      return 0
    case 'slow':
      return 2 * (network.delayMs + network.jitterMs)
    case 'cut':
    case 'idle-timeout':
    case 'freeze':
      return longestPauseMs
  }
}
