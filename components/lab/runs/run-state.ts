import type { MessageTrace } from '#server/protocol/lab-cluster.ts'
import type { Incident, Sample, StoryFigures } from '#server/protocol/lab-report.ts'
import type { LaneDoors, RunEvent, RunState, WireRun } from '#server/protocol/lab-runs.ts'

export type ClusterFigures = Extract<RunEvent, { type: 'cluster' }>
export type RunFigures = Extract<RunEvent, { type: 'figures' }>

/** What a page knows of a run, during it and afterwards. */
export type RunView = {
  run: WireRun | undefined
  state: RunState | undefined
  /** What it is doing, in a few words. */
  detail: string | undefined
  /** When measuring began. */
  measuredFrom: string | undefined
  doors: LaneDoors | undefined
  /** The newest; undefined before the first, and for a run that was over when the page was opened. */
  figures: RunFigures | undefined
  incidents: readonly Incident[]
  samples: readonly Sample[]
  /** The port at which this page may enter the trap itself. */
  door: number | undefined
  /** A cluster's newest figures; undefined for any other run. */
  cluster: ClusterFigures | undefined
  /** The newest message of each kind that a cluster has traced. */
  traces: Partial<Record<MessageTrace['kind'], MessageTrace>>
  /** Newest last. */
  story: readonly StoryFigures[]
}

export const unknownRun: RunView = {
  run: undefined,
  state: undefined,
  detail: undefined,
  measuredFrom: undefined,
  doors: undefined,
  figures: undefined,
  incidents: [],
  samples: [],
  door: undefined,
  cluster: undefined,
  traces: {},
  story: [],
}

/** Whether a run in this state is finished. */
export function isOver(state: RunState | undefined): boolean {
  return state === 'done' || state === 'stopped' || state === 'failed'
}

/** The view once the run has been read; its stored outcome takes precedence over its events. */
export function withRun(view: RunView, run: WireRun): RunView {
  // A response under way when the run ended must not revive it.
  const known = { ...view, run, state: isOver(view.state) && !isOver(run.state) ? view.state : run.state }
  switch (run.outcome?.kind) {
    case 'scenario': {
      const { incidents, samples } = run.outcome.report
      return { ...known, incidents, samples }
    }
    case 'drill':
      return { ...known, incidents: run.outcome.report.timeline }
    default:
      return known
  }
}

/** The view after one more event of the run. */
export function afterEvent(view: RunView, event: RunEvent): RunView {
  switch (event.type) {
    case 'state':
      return {
        ...view,
        state: event.state,
        detail: event.detail,
        doors: event.doors ?? view.doors,
        measuredFrom: event.startedAt ?? view.measuredFrom,
      }
    case 'figures':
      return { ...view, figures: event, samples: withSample(view.samples, event.sample) }
    case 'incident':
      return { ...view, incidents: [...view.incidents, event.incident] }
    case 'door':
      return { ...view, door: event.port }
    case 'story':
      return { ...view, story: [...view.story, event.figures] }
    case 'cluster':
      return { ...view, cluster: event }
    case 'trace':
      return { ...view, traces: { ...view.traces, [event.trace.kind]: event.trace } }
    default:
      // From a server that is newer than this page.
      return view
  }
}

/** Adds a sample unless it was sent before: figures are sent more often than samples are taken. */
function withSample(samples: readonly Sample[], sample: Sample): readonly Sample[] {
  const last = samples.at(-1)
  return last && sample.atMs <= last.atMs ? samples : [...samples, sample]
}
