import type { DeliveryName } from '#server/protocol/lab.ts'
import type { Figures } from './figures.ts'
import type { PlanInputs } from './plan-inputs.ts'

/** How long a poll is held, in seconds (LP3). */
export const heldForSeconds = 25
/** How often a stream or a socket is assumed to reconnect, in an hour. */
export const reopenedPerHour = 1
/** For how long an HTTP connection stays open after an answer, in ms: a poller that comes sooner keeps it. */
export const keptAliveMs = 65_000

/** Requests that each person makes, a second. */
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

/** Whether a client of this delivery asks again and again. */
export function polls(lane: DeliveryName): boolean {
  return lane === 'short' || lane === 'long'
}

/** Of a core, for all together; null when it was not measured. */
export function coresFor(lane: DeliveryName, inputs: PlanInputs, { lanes }: Figures): number | null {
  const { cpuMsPerRequest, cpuMsPerThousand } = lanes[lane]
  if (polls(lane)) {
    return cpuMsPerRequest && (inputs.people * requestsEach(lane, inputs) * cpuMsPerRequest) / 1_000
  }
  return cpuMsPerThousand && (inputs.people * inputs.eventsPerSecond * cpuMsPerThousand) / 1_000_000
}

/**
 * Held polls that end a second: at the next event, or when patience runs out. Events come at random, so the mean
 * wait is `(1 − e^(−rate × patience)) / rate`.
 */
function repeatedRequests(rate: number): number {
  return rate === 0 ? 1 / heldForSeconds : rate / -Math.expm1(-rate * heldForSeconds)
}
