'use client'

import { useEffect, useId, useMemo, useRef, useState } from 'react'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson } from '#components/live/send-json.ts'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { trapNames } from '#server/protocol/lab.ts'
import { type Preset, presets } from '#server/protocol/lab-presets.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { RunEvent, WireRun } from '#server/protocol/lab-runs.ts'
import type { Scenario } from '#server/protocol/lab-schemas.ts'
import { RunBar } from './bar/run-bar.tsx'
import { RunStatus } from './bar/run-status.tsx'
import { draftOf, readDraft, type ScenarioErrors } from './bar/scenario-draft.ts'
import { ScenarioForm } from './bar/scenario-form.tsx'
import { DrillsSection } from './drills/drills-section.tsx'
import { type PageLanes, useLanes } from './lanes/use-lanes.ts'
import { Wires } from './lanes/wires.tsx'
import { LiveFigures, ReportFigures } from './report/figures.tsx'
import { formatRate, networkWords } from './report/report-words.ts'
import { startRun, stopRun, whyNot } from './runs/run-orders.ts'
import { isOver } from './runs/run-state.ts'
import { crowdWords } from './runs/run-words.ts'
import { type FollowedRun, useRun } from './runs/use-run.ts'
import { useRuns } from './runs/use-runs.ts'
import { ScopeTall } from './scope/scope-tall.tsx'
import { outagesOf, type ScopeView } from './scope/scope-view.ts'
import { ScopeWide } from './scope/scope-wide.tsx'
import { useScopeFigures } from './scope/use-scope-figures.ts'
import { StorySection } from './story/story-section.tsx'

/** The lab: the run under way, this page's own lanes in it, and what it costs and loses meanwhile. */
export function LabPage({ usual }: { usual: Scenario }) {
  const runs = useRuns()
  const starting = useStarting(runs.readAgain)
  const goingOn = runs.items?.find(({ state }) => !isOver(state))
  const found: WireRun | undefined = goingOn?.order.kind === 'scenario' ? goingOn : undefined
  const { followed, lanes } = useLabRun(starting.started ?? found)
  const [next, setNext] = useState(usual)
  const [draft, setDraft] = useState(() => draftOf(usual))
  const [errors, setErrors] = useState<ScenarioErrors>({})
  const [isOpen, setOpen] = useState(false)
  const formId = useId()

  const { run, state, figures, incidents, measuredFrom } = followed
  const isGoingOn = run !== undefined && !isOver(state)
  const ordered = run?.order.kind === 'scenario' ? run.order.scenario : undefined
  const scenario = isGoingOn || !isOpen ? (ordered ?? next) : next
  const report = run?.outcome?.kind === 'scenario' ? run.outcome.report : undefined
  const outages = useMemo(() => outagesOf(incidents, measuredFrom), [incidents, measuredFrom])
  const { scope, entered } = lanes
  useEffect(() => scope?.outages(outages), [scope, outages])

  function start(wanted: Scenario, name?: string) {
    setNext(wanted)
    setDraft(draftOf(wanted))
    setOpen(false)
    void starting.start(wanted, name)
  }
  function submit() {
    const read = readDraft(draft)
    setErrors(read.errors)
    if (read.scenario && !isGoingOn) start(read.scenario)
  }

  return (
    <div className="page-x pb-28 md:pb-16">
      <RunBar
        {...{ scenario, followed, isGoingOn }}
        mayRun={runs.mayRun}
        pending={starting.pending}
        form={{ id: formId, isOpen }}
        onChange={() => setOpen(!isOpen)}
        onStart={() => start(ordered ?? next)}
        onStop={() => run && void starting.stop(run.id)}
      />
      <RunStatus
        {...{ followed }}
        other={goingOn && !found && !isGoingOn ? goingOn : undefined}
        refusal={starting.refusal}
        trouble={runs.trouble}
        shut={entered?.refused()}
        mayRun={runs.items && runs.mayRun}
      />
      {isOpen && (
        <section aria-label="Next run" className="mb-6 border-y border-line-strong">
          <ScenarioForm id={formId} {...{ draft, errors }} onChange={setDraft} onSubmit={submit} />
        </section>
      )}
      <Scope {...{ scope, scenario }} />
      <div className="space-y-12 pt-8">
        {scope && entered && <Wires {...{ scope, entered }} />}
        {report ? (
          <ReportFigures report={report} />
        ) : (
          figures &&
          ordered && <LiveFigures scenario={ordered} samples={followed.samples} {...{ figures, incidents }} />
        )}
        {!run && <LabIntroduction />}
        <DrillsSection />
        <PresetList
          disabled={!runs.mayRun || isGoingOn || starting.pending !== undefined}
          onRun={({ scenario: wanted, title }) => start(wanted, title)}
        />
        <StorySection />
        <ClusterSection />
        <TrapsSection />
      </div>
    </div>
  )
}

/** What the lab does, for first-time visitors. */
function LabIntroduction() {
  return (
    <p className="max-w-[62ch] text-[18px] leading-7 text-ink-2">
      The lab sends the same events over all four deliveries at once, to this page and to many headless
      clients, and measures what each delivery costs, how late it is, and what it loses when the network
      fails.
    </p>
  )
}

/** The live scope: the log and this page's four lanes over the last 15 s. Without lanes it is drawn empty. */
function Scope({ scope, scenario }: { scope: ScopeView | undefined; scenario: Scenario }) {
  const figures = useScopeFigures(scope)
  return (
    <section aria-label="Scope" className="min-w-0">
      <ScopeWide {...{ scope, scenario, figures }} />
      <ScopeTall {...{ scope, scenario, figures }} />
    </section>
  )
}

/** The link from the lab to the page of the cluster. */
function ClusterSection() {
  return (
    <section>
      <SectionHead title="Cluster" note="several nodes on this machine" />
      <div className="flex flex-wrap items-center justify-between gap-4 py-3">
        <p className="text-ui text-ink-2 text-pretty">
          A load balancer, gateways, webs and workers on one Postgres, drawn while they run. Kill a gateway
          and see who reconnects.
        </p>
        <ButtonLink href="/lab/cluster">Open the cluster</ButtonLink>
      </div>
    </section>
  )
}

/** The link from the lab to the page of traps. */
function TrapsSection() {
  return (
    <section>
      <SectionHead title="Traps" note="each runs both ways, with its test and its sources" />
      <div className="flex flex-wrap items-center justify-between gap-4 py-3">
        <p className="text-ui text-ink-2 text-pretty">
          {trapNames.length} common pitfalls, from a browser’s six connections per host to running out of
          ports.
        </p>
        <ButtonLink href="/lab/traps">Open the traps</ButtonLink>
      </div>
    </section>
  )
}

/** Follows a run, enters its lanes when they open, and adds this page's own measurements to its report. */
function useLabRun(run: WireRun | undefined): { followed: FollowedRun; lanes: PageLanes } {
  const onEvent = useRef<(event: RunEvent) => void>(undefined)
  const followed = useRun(run?.id, run, (event) => onEvent.current?.(event))
  const { readAgain } = followed
  const order = run?.order
  const pollMs = order?.kind === 'scenario' ? order.scenario.pollMs : 0

  async function report(report: BrowserReport) {
    if (!run) return
    const url = `/api/lab/runs/${run.id}/browser`
    const sent = await sendJson<void>(pageFetch, url, report, undefined, 'PUT')
    if (sent.state === 'done') readAgain()
  }
  const lanes = useLanes(followed.doors, pollMs, followed.state, (counted) => void report(counted))
  useEffect(() => {
    onEvent.current = lanes.hear
  })
  return { followed, lanes }
}

type Starting = {
  /** The run that this page started and follows. */
  started: WireRun | undefined
  /** The request under way, if any. */
  pending: 'start' | 'stop' | undefined
  /** Why the last action was refused, in a sentence. */
  refusal: string | undefined
  start: (scenario: Scenario, name?: string) => Promise<void>
  stop: (id: string) => Promise<void>
}

/** Starts and stops runs; `refused` is called when another is running, or may be. */
function useStarting(refused: () => void): Starting {
  const [started, setStarted] = useState<WireRun>()
  const [pending, setPending] = useState<'start' | 'stop'>()
  const [refusal, setRefusal] = useState<string>()
  return {
    ...{ started, pending, refusal },
    async start(scenario, name) {
      setPending('start')
      setRefusal(undefined)
      const sent = await startRun({ kind: 'scenario', scenario, ...(name && { name }) })
      setPending(undefined)
      if (sent.state === 'done') return setStarted(sent.value)
      setRefusal(whyNot(sent))
      refused()
    },
    async stop(id) {
      setPending('stop')
      setRefusal(undefined)
      const sent = await stopRun(id)
      setPending(undefined)
      if (sent.state !== 'done') setRefusal(whyNot(sent))
    },
  }
}

/** The preset runs, each one click away. */
function PresetList({ disabled, onRun }: { disabled: boolean; onRun: (preset: Preset) => void }) {
  return (
    <section>
      <SectionHead title="Scenarios to start with" note="each is a run; its costs and losses are stored" />
      <ul>
        {presets.map((preset) => (
          <li
            key={preset.name}
            className="grid grid-cols-[1fr_auto] items-center gap-x-4 border-b border-line py-2 last:border-0 lg:grid-cols-[232px_1fr_auto_auto] lg:gap-x-8"
          >
            <h3 className="text-[14px] leading-5 font-semibold font-stretch-[94%]">{preset.title}</h3>
            <p className="text-ui text-ink-2 max-lg:col-start-1">{preset.story}</p>
            <p className="type-data text-ink-3 max-lg:col-start-1 lg:text-right">{figuresOf(preset)}</p>
            <Button
              small
              disabled={disabled}
              aria-label={`Run: ${preset.title}`}
              onClick={() => onRun(preset)}
              className="max-lg:col-start-2 max-lg:row-span-3 max-lg:row-start-1"
            >
              <Icon name="play" filled />
              Run
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function figuresOf({ scenario }: Preset): string {
  const { eventsPerSecond, seconds, network } = scenario
  const line = network.kind === 'clean' ? '' : `, ${networkWords(network)}`
  return `${formatRate(eventsPerSecond)}, ${crowdWords(scenario)} clients, ${seconds} s${line}`
}
