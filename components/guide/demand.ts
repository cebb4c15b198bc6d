import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from './figures.ts'
import type { PlanInputs } from './plan-inputs.ts'

/** How long a poll is held, in seconds (LP3). */
export const heldForSeconds = 25
/** How often a stream or a socket is assumed to reconnect, per hour. */
export const reopenedPerHour = 1
/** How long an HTTP connection stays open after a response, in ms; a client that polls more often keeps it open. */
export const keptAliveMs = 65_000

/** Requests per second and person. */
export function requestsEach(lane: DeliveryName, { eventsPerSecond, pollMs }: PlanInputs): number {
  switch (lane) {
    case 'short':
      return 1_000 / pollMs
    case 'long':
      return repeatedRequests(eventsPerSecond)
    default:
      return reopenedPerHour / 3_600
  }
}

/** Whether a client of this delivery polls. */
export function polls(lane: DeliveryName): boolean {
  return lane === 'short' || lane === 'long'
}

/** CPU cores for all people together; null if it was not measured. */
export function coresFor(lane: DeliveryName, inputs: PlanInputs, { lanes }: Figures): number | null {
  const { cpuMsPerRequest, cpuMsPerThousand } = lanes[lane]
  if (polls(lane)) {
    return cpuMsPerRequest && (inputs.people * requestsEach(lane, inputs) * cpuMsPerRequest) / 1_000
  }
  return cpuMsPerThousand && (inputs.people * inputs.eventsPerSecond * cpuMsPerThousand) / 1_000_000
}

/**
 * Held polls that end per second: at the next event, or when the wait is over. Events come at random, so the mean wait
 * is `(1 − e^(−rate × patience)) / rate`.
 */
function repeatedRequests(rate: number): number {
  return rate === 0 ? 1 / heldForSeconds : rate / -Math.expm1(-rate * heldForSeconds)
}
