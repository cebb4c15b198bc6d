import { drillWords } from '#components/lab/drills/drill-words.ts'
import { formatChosen, formatRate, networkWords } from '#components/lab/report/report-words.ts'

import { trapGroups } from '#components/lab/traps/trap-groups.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import { presets } from '#server/protocol/lab-presets.ts'
import type { RunState, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder, Scenario } from '#server/protocol/lab-schemas.ts'

const trapTitles = new Map(
  trapGroups.flatMap(({ traps }) => traps.map(({ name, title }) => [name, title] as const)),
)

/** A run's title: its name, else what it runs. */
export function runTitle({ name, order }: Pick<WireRun, 'name' | 'order'>): string {
  return name ?? orderTitle(order)
}

/** The title of an order without a name: a preset's, a drill's or a trap's own. */
export function orderTitle(order: RunOrder): string {
  switch (order.kind) {
    case 'scenario':
      return presetOf(order.scenario)?.title ?? 'Custom scenario'
    case 'drill':
      return drillWords[order.drill].fault
    case 'trap':
      return trapTitles.get(order.trap) ?? order.trap
    case 'story':
      return 'Naive, cached, Redis, shared'
    case 'cluster':
      return 'Cluster'
  }
}

/** An order's figures in a line: `2 /s, 4 × 50 clients, clean`. */
export function orderFigures(order: RunOrder): string {
  switch (order.kind) {
    case 'scenario': {
      const { eventsPerSecond, network, seconds } = order.scenario
      return `${formatRate(eventsPerSecond)}, ${crowdWords(order.scenario)} clients, ${seconds} s, ${networkWords(network)}`
    }
    case 'drill':
      return 'drill with control'
    case 'trap':
      return 'trap, both arms'
    case 'story':
      return `${order.pollers} pollers every ${formatChosen(order.pollMs)}, ${order.secondsEach} s each`
    case 'cluster':
      return 'until stopped'
  }
}

/** `4 × 50`, or each lane's own number where they differ: `50 + 0 + 10 + 10`. */
export function crowdWords({ clients }: Pick<Scenario, 'clients'>): string {
  const counts = deliveryNames.map((name) => clients[name])
  return counts.every((count) => count === counts[0]) ? `${counts.length} × ${counts[0]}` : counts.join(' + ')
}

export const stateWords = {
  preparing: 'preparing',
  running: 'running',
  finishing: 'finishing',
  done: 'done',
  stopped: 'stopped early',
  failed: 'failed',
} as const satisfies Record<RunState, string>

function presetOf(scenario: Scenario) {
  const asked = JSON.stringify(sorted(scenario))
  return presets.find((preset) => JSON.stringify(sorted(preset.scenario)) === asked)
}

/** Sorts members, so that equal scenarios have equal texts. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .map(([key, member]): [string, unknown] => [key, sorted(member)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
}

/** `cut-everybody` as `Cut everybody`. */
