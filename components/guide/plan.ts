import { formatFigure } from '#components/lab/report/report-words.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { bandwidthFor } from './bandwidth.ts'
import { coresFor, heldForSeconds, polls, reopenedPerHour, requestsEach } from './demand.ts'
import type { Figures } from './figures.ts'
import type { PlanInputs } from './plan-inputs.ts'
import { count, mib } from './plan-words.ts'
import { processesFor } from './processes.ts'

/** One line of the arithmetic. */
export type Step = { name: string; formula: string; result: string }
export type Tell = (name: string, formula: string, result: string) => void

/** What one delivery needs for so many people. Null is what the figures cannot tell. */
export type LanePlan = {
  lane: DeliveryName
  /** Requests, streams or sockets that are open all the time. */
  held: number
  requestsPerSecond: number
  queriesPerSecond: number | null
  memoryMiB: number | null
  cores: number | null
  megabitsPerSecond: number | null
  processes: number | null
  nodes: number | null
  steps: readonly Step[]
}

/** What each delivery needs: linear, from what a run has measured. */
export function planFor(inputs: PlanInputs, figures: Figures): LanePlan[] {
  return deliveryNames.map((lane) => planOf(lane, inputs, figures))
}

function planOf(lane: DeliveryName, inputs: PlanInputs, figures: Figures): LanePlan {
  const steps: Step[] = []
  const told: Tell = (name, formula, result) => steps.push({ name, formula, result })
  const { people, eventsPerSecond, coresPerNode } = inputs
  const measured = figures.lanes[lane]
  const each = count(people)

  const held = lane === 'short' ? 0 : people
  told('open', held === 0 ? 'a short poll is answered at once' : `${each} people × 1`, count(held))

  const requestsPerSecond = people * requestsEach(lane, inputs)
  told('requests/s', `${each} × ${askingWords(lane, inputs)}`, count(requestsPerSecond))

  const { memoryKibPerConnection } = measured
  const memoryMiB = held === 0 ? 0 : memoryKibPerConnection && (held * memoryKibPerConnection) / 1_024
  if (held > 0) told('memory', `${count(held)} × ${formatFigure(memoryKibPerConnection)} KiB`, mib(memoryMiB))

  const cores = coresFor(lane, inputs, figures)
  told(
    'cores',
    polls(lane)
      ? `${count(requestsPerSecond)} requests/s × ${formatFigure(measured.cpuMsPerRequest)} ms`
      : `${count(people * eventsPerSecond)} deliveries/s × ${formatFigure(measured.cpuMsPerThousand)} ms per 1,000`,
    formatFigure(cores),
  )

  const { megabitsPerSecond, formula } = bandwidthFor(lane, inputs, figures)
  told('Mbit/s', formula, formatFigure(megabitsPerSecond))

  const processes = processesFor({ lane, inputs, held, memoryMiB, cores, figures, told })
  const nodes = processes && Math.ceil(processes / coresPerNode)
  told('nodes', `${count(processes)} processes, one a core, ${coresPerNode} cores each`, count(nodes))

  const { queriesPerEntry } = measured
  const readers = inputs.hears === 'own' ? people : processes
  const queriesPerSecond =
    readers === null || queriesPerEntry === null ? null : eventsPerSecond * readers * queriesPerEntry
  told(
    'queries/s',
    `${formatFigure(eventsPerSecond)} events/s × ${count(readers)} ${inputs.hears === 'own' ? 'streams' : 'processes that read them'} × ${formatFigure(queriesPerEntry)}`,
    formatFigure(queriesPerSecond),
  )

  return {
    ...{ lane, held, requestsPerSecond, queriesPerSecond, memoryMiB, cores },
    ...{ megabitsPerSecond, processes, nodes, steps },
  }
}

function askingWords(lane: DeliveryName, { pollMs, eventsPerSecond }: PlanInputs): string {
  switch (lane) {
    case 'short':
      return `1 in ${count(pollMs)} ms`
    case 'long':
      return eventsPerSecond === 0
        ? `1 in ${heldForSeconds} s`
        : `${formatFigure(eventsPerSecond)} ÷ (1 − e^(−${formatFigure(eventsPerSecond)} × ${heldForSeconds}))`
    default:
      return `${reopenedPerHour} an hour, when it is opened anew`
  }
}
