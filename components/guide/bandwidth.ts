import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount, missing } from '#components/ui/format.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { polls, requestsEach } from './demand.ts'
import type { Figures } from './figures.ts'
import type { PlanInputs } from './plan-inputs.ts'

type Bandwidth = { megabitsPerSecond: number | null; formula: string }

const unknown: Bandwidth = { megabitsPerSecond: null, formula: missing }

/** Both directions together: what the run's bytes were without its text, and your own text in its place. */
export function bandwidthFor(lane: DeliveryName, inputs: PlanInputs, figures: Figures): Bandwidth {
  return polls(lane) ? ofPolls(lane, inputs, figures) : ofPushes(lane, inputs, figures)
}

function ofPolls(lane: DeliveryName, inputs: PlanInputs, { lanes, scenario }: Figures): Bandwidth {
  const { upPerRequest, downPerRequest, deliveriesPerClientMinute, requestsPerClientMinute } = lanes[lane]
  if (upPerRequest === null || downPerRequest === null || !requestsPerClientMinute) return unknown
  const textPerRequest = (scenario.payloadBytes * (deliveriesPerClientMinute ?? 0)) / requestsPerClientMinute
  const aroundIt = upPerRequest + Math.max(0, downPerRequest - textPerRequest)
  const requests = inputs.people * requestsEach(lane, inputs)
  const deliveries = inputs.people * inputs.eventsPerSecond
  return told(
    requests * aroundIt + deliveries * inputs.bytes,
    `${amount(requests)} requests/s × ${amount(aroundIt)} B + ${amount(deliveries)} deliveries/s × ${amount(inputs.bytes)} B`,
  )
}

function ofPushes(lane: DeliveryName, inputs: PlanInputs, { lanes, scenario }: Figures): Bandwidth {
  const { downPerClientMinute, upPerClientMinute, deliveriesPerClientMinute } = lanes[lane]
  if (downPerClientMinute === null || upPerClientMinute === null || !deliveriesPerClientMinute) return unknown
  const aroundIt = Math.max(0, downPerClientMinute / deliveriesPerClientMinute - scenario.payloadBytes)
  const deliveries = inputs.people * inputs.eventsPerSecond
  return told(
    deliveries * (aroundIt + inputs.bytes) + (inputs.people * upPerClientMinute) / 60,
    `${amount(deliveries)} deliveries/s × (${amount(aroundIt)} + ${amount(inputs.bytes)}) B + ${amount(inputs.people)} × ${amount(upPerClientMinute)} B/min up`,
  )
}

function told(bytesPerSecond: number, formula: string): Bandwidth {
  return { megabitsPerSecond: (bytesPerSecond * 8) / 1_000_000, formula: `(${formula}) × 8` }
}

function amount(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatFigure(value)
}
