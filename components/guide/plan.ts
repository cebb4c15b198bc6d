import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatCount, missing } from '#components/ui/format.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import { coresFor, heldForSeconds, keptAliveMs, polls, reopenedPerHour, requestsEach } from './demand.ts'
import type { Figures } from './figures.ts'
import { count, mib, type PlanInputs } from './plan-inputs.ts'

/** One step of the arithmetic. */
type Step = { name: string; formula: string; result: string }
type AddStep = (name: string, formula: string, result: string) => void

/** What one delivery needs for that many people. Null: the figures cannot tell. */
export type LanePlan = {
  lane: DeliveryName
  /** Requests, streams or sockets held open at any time. */
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

/** What each delivery needs, scaled linearly from a run's measurements. */
export function planFor(inputs: PlanInputs, figures: Figures): LanePlan[] {
  return deliveryNames.map((lane) => planOf(lane, inputs, figures))
}

function planOf(lane: DeliveryName, inputs: PlanInputs, figures: Figures): LanePlan {
  const steps: Step[] = []
  const addStep: AddStep = (name, formula, result) => steps.push({ name, formula, result })
  const { people, eventsPerSecond, coresPerNode } = inputs
  const measured = figures.lanes[lane]
  const each = count(people)

  const held = lane === 'short' ? 0 : people
  addStep('open', held === 0 ? 'a short poll is answered immediately' : `${each} people × 1`, count(held))

  const requestsPerSecond = people * requestsEach(lane, inputs)
  addStep('requests/s', `${each} × ${askingWords(lane, inputs)}`, count(requestsPerSecond))

  const { memoryKibPerConnection } = measured
  const memoryMiB = held === 0 ? 0 : memoryKibPerConnection && (held * memoryKibPerConnection) / 1_024
  if (held > 0)
    addStep('memory', `${count(held)} × ${formatFigure(memoryKibPerConnection)} KiB`, mib(memoryMiB))

  const cores = coresFor(lane, inputs, figures)
  addStep(
    'cores',
    polls(lane)
      ? `${count(requestsPerSecond)} requests/s × ${formatFigure(measured.cpuMsPerRequest)} ms`
      : `${count(people * eventsPerSecond)} deliveries/s × ${formatFigure(measured.cpuMsPerThousand)} ms per 1,000`,
    formatFigure(cores),
  )

  const { megabitsPerSecond, formula } = bandwidthFor(lane, inputs, figures)
  addStep('Mbit/s', formula, formatFigure(megabitsPerSecond))

  const processes = processesFor({ lane, inputs, held, memoryMiB, cores, figures, addStep })
  const nodes = processes && Math.ceil(processes / coresPerNode)
  addStep('nodes', `${count(processes)} processes, one a core, ${coresPerNode} cores each`, count(nodes))

  const { queriesPerEntry } = measured
  const readers = inputs.hears === 'own' ? people : processes
  const queriesPerSecond =
    readers === null || queriesPerEntry === null ? null : eventsPerSecond * readers * queriesPerEntry
  addStep(
    'queries/s',
    `${formatFigure(eventsPerSecond)} events/s × ${count(readers)} ${inputs.hears === 'own' ? 'streams' : 'processes that read it'} × ${formatFigure(queriesPerEntry)}`,
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
      return `${reopenedPerHour} per hour, for reconnects`
  }
}

type Bandwidth = { megabitsPerSecond: number | null; formula: string }

const unknown: Bandwidth = { megabitsPerSecond: null, formula: missing }

/** Both directions together: the run's bytes without its payload, plus the planned payload. */
function bandwidthFor(lane: DeliveryName, inputs: PlanInputs, figures: Figures): Bandwidth {
  return polls(lane) ? ofPolls(lane, inputs, figures) : ofPushes(lane, inputs, figures)
}

function ofPolls(lane: DeliveryName, inputs: PlanInputs, { lanes, scenario }: Figures): Bandwidth {
  const { upPerRequest, downPerRequest, deliveriesPerClientMinute, requestsPerClientMinute } = lanes[lane]
  if (upPerRequest === null || downPerRequest === null || !requestsPerClientMinute) return unknown
  const textPerRequest = (scenario.payloadBytes * (deliveriesPerClientMinute ?? 0)) / requestsPerClientMinute
  const aroundIt = upPerRequest + Math.max(0, downPerRequest - textPerRequest)
  const requests = inputs.people * requestsEach(lane, inputs)
  const deliveries = inputs.people * inputs.eventsPerSecond
  return bandwidth(
    requests * aroundIt + deliveries * inputs.bytes,
    `${amount(requests)} requests/s × ${amount(aroundIt)} B + ${amount(deliveries)} deliveries/s × ${amount(inputs.bytes)} B`,
  )
}

function ofPushes(lane: DeliveryName, inputs: PlanInputs, { lanes, scenario }: Figures): Bandwidth {
  const { downPerClientMinute, upPerClientMinute, deliveriesPerClientMinute } = lanes[lane]
  if (downPerClientMinute === null || upPerClientMinute === null || !deliveriesPerClientMinute) return unknown
  const aroundIt = Math.max(0, downPerClientMinute / deliveriesPerClientMinute - scenario.payloadBytes)
  const deliveries = inputs.people * inputs.eventsPerSecond
  return bandwidth(
    deliveries * (aroundIt + inputs.bytes) + (inputs.people * upPerClientMinute) / 60,
    `${amount(deliveries)} deliveries/s × (${amount(aroundIt)} + ${amount(inputs.bytes)}) B + ${amount(inputs.people)} × ${amount(upPerClientMinute)} B/min up`,
  )
}

function bandwidth(bytesPerSecond: number, formula: string): Bandwidth {
  return { megabitsPerSecond: (bytesPerSecond * 8) / 1_000_000, formula: `(${formula}) × 8` }
}

function amount(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : formatFigure(value)
}

type ProcessOrder = Pick<LanePlan, 'lane' | 'held' | 'memoryMiB' | 'cores'> & {
  inputs: PlanInputs
  figures: Figures
  addStep: AddStep
}

/** The number of processes: as many as the scarcest of CPU, memory and open files requires, at least one. */
function processesFor(order: ProcessOrder): number | null {
  const { lane, inputs, held, memoryMiB, cores, figures, addStep } = order
  if (cores === null || memoryMiB === null) return null
  const free = 1 - inputs.spare / 100
  const { residentBytes, clients, memoryKibPerConnection } = figures.lanes[lane]
  const ownMemory = figures.costsFrom === figures.from
  const ofClients = held > 0 && ownMemory ? (clients * (memoryKibPerConnection ?? 0)) / 1_024 : 0
  const emptyMiB = Math.max(0, residentBytes / 1_048_576 - ofClients)
  const room = inputs.processMiB * free - emptyMiB
  if (memoryMiB > 0 && room <= 0) {
    addStep(
      'processes',
      `${inputs.processMiB} MiB × ${free} − ${mib(emptyMiB)} used when idle`,
      'no memory left',
    )
    return null
  }
  const files = lane === 'short' && inputs.pollMs < keptAliveMs ? inputs.people : held
  const needs = [
    { name: 'by CPU', formula: `${formatFigure(cores)} cores ÷ ${free}`, need: cores / free },
    ...(memoryMiB === 0
      ? []
      : [
          {
            name: 'by memory',
            formula: `${mib(memoryMiB)} ÷ (${inputs.processMiB} MiB × ${free} − ${mib(emptyMiB)} of its own)`,
            need: memoryMiB / room,
          },
        ]),
    {
      name: 'by open files',
      formula: `${count(files)} ÷ ${count(inputs.files)}`,
      need: files / inputs.files,
    },
  ]
  for (const { name, formula, need } of needs) addStep(`processes ${name}`, formula, formatFigure(need))
  const processes = Math.max(1, ...needs.map(({ need }) => Math.ceil(need)))
  addStep('processes', 'the highest of these, rounded up', count(processes))
  return processes
}
