'use client'

import { type ReactNode, useId, useState } from 'react'
import { formatRate, laneNames, networkWords } from '#components/lab/report/report-words.ts'
import { LaneHead } from '#components/lab/report/section.tsx'
import { Choice } from '#components/ui/choice.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { isInRange } from './answers.ts'
import { keptAliveMs } from './demand.ts'
import type { Figures } from './figures.ts'
import { nameOf } from './guide-words.ts'
import { NumberInput } from './number-input.tsx'
import { type LanePlan, planFor } from './plan.ts'
import { PlanChart } from './plan-chart.tsx'
import { count, isPlanNumber, type PlanNumber } from './plan-inputs.ts'
import { type PlanNeed, planNeeds } from './plan-scale.ts'
import { plainDuration } from './reasons/reason.ts'
import type { AnswersView } from './use-answers.ts'

type PlannerProps = {
  view: AnswersView
  figures: Figures
  plan: readonly LanePlan[]
  best: DeliveryName
}

/** What each delivery would need for that many people, computed from measurements, with the arithmetic. */
export function Planner({ view, figures, plan, best }: PlannerProps) {
  const [need, setNeed] = useState<PlanNeed>('memoryMiB')
  const { inputs } = view
  return (
    <div className="grid gap-x-18 gap-y-8 pt-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,500px)]">
      <div className="min-w-0">
        <PlanFields view={view} />
        <PlanTable plan={plan} best={best} />
        <PlanArithmetic plan={plan} />
      </div>
      <div className="min-w-0">
        <Choice
          label="Chart metric"
          small
          options={planNeeds.map(({ need: value, name }) => ({ value, label: name }))}
          value={need}
          onChange={setNeed}
        />
        <PlanChart
          need={need}
          people={inputs.people}
          measured={figures.lanes.sse.clients}
          planAt={(people) => planFor({ ...inputs, people }, figures)}
        />
      </div>
      <PlanLimits figures={figures} />
    </div>
  )
}

/** The planner's head, with figures or without. */
export function PlannerHead() {
  return (
    <SectionHead
      title="Planner"
      note="from one machine to millions of people; beyond the measured run, figures are extrapolated"
    />
  )
}

/** Linux's default number of ephemeral ports per address, 32768 to 60999. */
const ports = 28_232

/** What the plan does not account for. */
function PlanLimits({ figures: { lanes, scenario, from, costsFrom } }: { figures: Figures }) {
  const clients = formatCount(lanes.sse.clients)
  const said = [
    `Measured with ${clients} clients per lane, ${formatRate(scenario.eventsPerSecond)}, polled every ${plainDuration(scenario.pollMs)}, network ${networkWords(scenario.network)}. Beyond that, figures are extrapolated linearly; nothing has been measured beyond 50,000.`,
    costsFrom === from
      ? undefined
      : 'Memory and CPU come from the reference run on another machine: with fewer than 100 clients they can’t be told apart from what an idle process uses.',
    `A process has a limit on open files (ulimit -n), and a proxy has ${formatCount(ports)} ports to each process. Both run out before memory does.`,
    `A short poller that polls again within ${plainDuration(keptAliveMs)} keeps its connection. It counts as an open file, but its memory was not measured.`,
    'CPU is everything the process used, including idle work, so a run with few events makes each one look expensive. Streams and sockets are assumed to reconnect once an hour.',
    'Not included: TLS, proxies, Postgres itself, and everything else your server does.',
  ]
  return (
    <ul
      aria-label="Limits of the plan"
      className="list-disc space-y-1 pl-4 text-ui text-ink-2 xl:col-span-2 xl:columns-2 xl:gap-x-18"
    >
      {said.map((sentence) => sentence && <li key={sentence}>{sentence}</li>)}
    </ul>
  )
}

/** Every figure of the plan, step by step. */
function PlanArithmetic({ plan }: { plan: readonly LanePlan[] }) {
  return (
    <div className="mt-4 space-y-1 text-ui">
      {plan.map(({ lane, steps }) => (
        <details key={lane} className="group">
          <summary className="flex w-fit cursor-pointer list-none items-center gap-2 py-1 text-ink-2 hover:text-ink max-md:py-2.5 [&::-webkit-details-marker]:hidden">
            How {laneNames[lane].name} is computed
            <Icon name="chevron-down" className="text-ink-3 group-open:rotate-180" />
          </summary>
          <dl
            aria-label={`Arithmetic of ${nameOf(lane)}`}
            className="type-data mt-1 mb-3 bg-sunken px-3 py-2"
          >
            {steps.map(({ name, formula, result }) => (
              <div key={name} className="grid gap-x-4 py-0.5 md:grid-cols-[184px_minmax(0,1fr)_auto]">
                <dt className="text-ink-3">{name}</dt>
                <dd>{formula}</dd>
                <dd className="font-semibold md:text-right">= {result}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </div>
  )
}

const columns: readonly { label: string; of: (plan: LanePlan) => number | null }[] = [
  { label: 'open', of: ({ held }) => held },
  { label: 'requests/s', of: ({ requestsPerSecond }) => requestsPerSecond },
  { label: 'queries/s', of: ({ queriesPerSecond }) => queriesPerSecond },
  { label: 'memory, MiB', of: ({ memoryMiB }) => memoryMiB },
  { label: 'cores', of: ({ cores }) => cores },
  { label: 'Mbit/s', of: ({ megabitsPerSecond }) => megabitsPerSecond },
  { label: 'processes', of: ({ processes }) => processes },
  { label: 'nodes', of: ({ nodes }) => nodes },
]

/** What each delivery needs, one row each; the recommended one is highlighted. */
function PlanTable({ plan, best }: { plan: readonly LanePlan[]; best: DeliveryName }) {
  return (
    <Table label="Resources per delivery" wide className="mt-5">
      <thead>
        <tr>
          <Head>Wire</Head>
          {columns.map(({ label }) => (
            <Head key={label} figure>
              {label}
            </Head>
          ))}
        </tr>
      </thead>
      <tbody>
        {plan.map((one) => (
          <Row key={one.lane} className={one.lane === best ? '[&>td]:font-semibold' : undefined}>
            <LaneHead lane={one.lane} />
            {columns.map(({ label, of }) => (
              <Cell key={label} figure>
                {count(of(one))}
              </Cell>
            ))}
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

const fields: readonly { name: PlanNumber; label: string; unit?: string }[] = [
  { name: 'eventsPerSecond', label: 'Events per second, each' },
  { name: 'pollMs', label: 'Poll every', unit: 'ms' },
  { name: 'processMiB', label: 'Memory per process', unit: 'MiB' },
  { name: 'spare', label: 'Headroom', unit: '%' },
  { name: 'files', label: 'Open files per process' },
  { name: 'coresPerNode', label: 'Cores per node' },
]

/** The planner's inputs; the number of people comes from the question above. */
function PlanFields({ view: { inputs, change } }: { view: AnswersView }) {
  return (
    <div className="grid grid-cols-2 gap-x-4 gap-y-3 md:grid-cols-4">
      <Labelled label="People at peak">
        {(id) => (
          <NumberInput
            id={id}
            value={inputs.people}
            isValid={(value) => isInRange('people', value)}
            onNumber={(people, again) => change({ people }, again)}
          />
        )}
      </Labelled>
      {fields.map(({ name, label, unit }) => (
        <Labelled key={name} label={label}>
          {(id) => (
            <NumberInput
              id={id}
              value={inputs[name]}
              unit={unit}
              isValid={(value) => isPlanNumber(name, value)}
              onNumber={(value, again) => change({ [name]: value }, again)}
            />
          )}
        </Labelled>
      ))}
      <div>
        <span className="mb-1 block text-ui text-ink-2 font-stretch-[94%]">Everyone receives</span>
        <Choice
          label="Everyone receives"
          options={[
            { value: 'same', label: 'the same events' },
            { value: 'own', label: 'their own events' },
          ]}
          value={inputs.hears}
          onChange={(hears) => change({ hears })}
          className="max-w-full"
        />
      </div>
    </div>
  )
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-ui text-ink-2 font-stretch-[94%]">
        {label}
      </label>
      {children(id)}
    </div>
  )
}
