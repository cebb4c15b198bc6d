'use client'

import { type ReactNode, useState } from 'react'
import { formatChosen, formatRate, networkWords } from '#components/lab/report/report-words.ts'
import { Button, buttonClasses } from '#components/ui/button.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { formatBytes } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { useMounted } from '#components/ui/use-mounted.ts'
import type { RunState, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { stopRun, whyNot } from './run-orders.ts'
import { isOver } from './run-state.ts'
import { crowdWords, orderTitle, runTitle, stateWords } from './run-words.ts'

/** What was run, when and how, and the actions on it. */
export function RunHead({ run, state }: { run: WireRun; state: RunState }) {
  return (
    <header className="mb-8 flex flex-wrap items-end justify-between gap-x-10 gap-y-4 print:mb-4">
      <div className="min-w-0">
        <h1 className="type-title break-words">{runTitle(run)}</h1>
        <p className="type-data mt-1 text-ink-2">
          run {run.number}, <Time at={run.startedAt} style="full" />
          {state !== 'done' && (
            <strong className={state === 'failed' ? 'font-semibold text-danger' : 'font-semibold'}>
              , {stateWords[state]}
            </strong>
          )}
        </p>
      </div>
      <dl className="flex flex-wrap gap-x-6 gap-y-3 xl:mr-auto">
        {run.name !== null && <Fact name="Preset">{orderTitle(run.order)}</Fact>}
        {factsOf(run.order).map(({ name, value }) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
      <RunActions run={run} over={isOver(state)} />
    </header>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="md:not-last:border-r md:not-last:border-line md:not-last:pr-6">
      <dt className="type-label">{name}</dt>
      <dd className="font-mono text-body whitespace-nowrap">{children}</dd>
    </div>
  )
}

function factsOf(order: RunOrder): { name: string; value: string }[] {
  switch (order.kind) {
    case 'scenario': {
      const { scenario } = order
      return [
        { name: 'Rate', value: formatRate(scenario.eventsPerSecond) },
        ...(scenario.burst > 1 ? [{ name: 'At once', value: String(scenario.burst) }] : []),
        { name: 'Payload', value: formatBytes(scenario.payloadBytes) },
        { name: 'Clients', value: crowdWords(scenario) },
        { name: 'Poll every', value: formatChosen(scenario.pollMs) },
        { name: 'For', value: `${scenario.seconds} s` },
        { name: 'Network', value: networkWords(scenario.network) },
      ]
    }
    case 'drill':
      return [{ name: 'Kind', value: 'drill' }]
    case 'trap':
      return [{ name: 'Kind', value: 'trap' }]
    case 'cluster':
      return [{ name: 'Kind', value: 'cluster' }]
    case 'story':
      return [
        { name: 'Pollers', value: String(order.pollers) },
        { name: 'Poll every', value: formatChosen(order.pollMs) },
        { name: 'Per mode', value: `${order.secondsEach} s` },
      ]
  }
}

/** Stop while it is running; afterwards share a link, download the report, or print it. */
function RunActions({ run, over }: { run: WireRun; over: boolean }) {
  const mounted = useMounted()
  const files = `/api/lab/runs/${run.id}/report`
  return (
    <div className="flex flex-wrap items-center gap-2 print:hidden">
      {mounted && (
        <CopyButton label="Copy the link to this run" text={`${window.location.origin}/lab/runs/${run.id}`} />
      )}
      {!over && <Stop id={run.id} />}
      {run.outcome && (
        <>
          <a href={`${files}.json`} download className={buttonClasses('default', false)}>
            JSON
          </a>
          <a href={`${files}.csv`} download className={buttonClasses('default', false)}>
            CSV
          </a>
          <Button onClick={() => window.print()}>Print</Button>
        </>
      )}
    </div>
  )
}

function Stop({ id }: { id: string }) {
  const [sending, setSending] = useState(false)
  const [why, setWhy] = useState<string>()
  const stop = async () => {
    setSending(true)
    const sent = await stopRun(id)
    setSending(false)
    setWhy(sent.state === 'done' ? undefined : whyNot(sent))
  }
  return (
    <>
      <Button look="primary" pending={sending} onClick={stop}>
        Stop
      </Button>
      {why && (
        <span role="alert" className="text-ui text-danger">
          {why}
        </span>
      )}
    </>
  )
}
