'use client'
import { useEffect, useId, useMemo, useState } from 'react'
import type { Scenario } from '#server/protocol/lab.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { LabIntroduction } from './bar/lab-introduction.tsx'
import { PresetList } from './bar/preset-list.tsx'
import { RunBar } from './bar/run-bar.tsx'
import { RunSaid } from './bar/run-said.tsx'
import { draftOf, readDraft, type ScenarioErrors } from './bar/scenario-draft.ts'
import { ScenarioForm } from './bar/scenario-form.tsx'
import { useLabRun } from './bar/use-lab-run.ts'
import { useStarting } from './bar/use-starting.ts'
import { DrillsSection } from './drills/drills-section.tsx'
import { Wires } from './lanes/wires.tsx'
import { LiveFigures, ReportFigures } from './report/figures.tsx'
import { isOver } from './runs/run-state.ts'
import { useRuns } from './runs/use-runs.ts'
import { outagesOf } from './scope/scene.ts'
import { Scope } from './scope/scope.tsx'
import { StorySection } from './story/story-section.tsx'
import { TrapsSection } from './traps/traps-section.tsx'

/** The lab: what runs, this page's own lanes in it, and what it costs and loses, while it does. */
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
      <RunSaid
        {...{ followed }}
        other={goingOn && !found && !isGoingOn ? goingOn : undefined}
        refusal={starting.refusal}
        trouble={runs.trouble}
        shut={entered?.refused()}
        mayRun={runs.items && runs.mayRun}
      />
      {isOpen && (
        <section aria-label="What to run next" className="mb-6 border-y border-line-strong">
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
        <TrapsSection />
      </div>
    </div>
  )
}
