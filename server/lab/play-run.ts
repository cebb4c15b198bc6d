import type { ClusterAction, StoryMode } from '#server/protocol/lab.ts'
import type { LaneSignIn, RunEvent, RunOutcome } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { playScenario } from './scenario/play-scenario.ts'

type PlayingRun = {
  runId: string
  tell: (event: RunEvent) => void
  /** On abort a scenario ends early and reports; anything else throws. */
  signal: AbortSignal
  /** The story's modes, as they are requested. */
  modes: { onMode(listener: (mode: StoryMode) => void): void }
  /** Actions requested of the cluster, and whether anybody is watching it. */
  cluster: {
    onAction(listener: (action: ClusterAction) => void): void
    onWatched(listener: (isWatched: boolean) => void): void
  }
  /** The origins of pages that may use a scenario's lanes. */
  pageOrigins: readonly string[]
  /** Receives the credentials for such a page. */
  admit?: (signIn: LaneSignIn) => void
}

/** Plays an ordered run, on its own processes and database. */
export async function playRun(order: RunOrder, playing: PlayingRun): Promise<RunOutcome> {
  const { tell, signal, runId, modes, cluster } = playing
  switch (order.kind) {
    case 'scenario':
      return { kind: 'scenario', report: await playScenario(order.scenario, playing) }
    case 'drill': {
      const { drills } = await import('./drills/drills.ts')
      const { missing } = drills[order.drill]
      if (missing !== undefined) throw new Error(missing)
      tell({ type: 'state', state: 'running' })
      const incident = (one: Extract<RunEvent, { type: 'incident' }>['incident']) =>
        tell({ type: 'incident', incident: one })
      return { kind: 'drill', report: await drills[order.drill].run({ tell: incident, signal }) }
    }
    case 'trap': {
      const { traps } = await import('./traps/traps.ts')
      const { missing } = traps[order.trap]
      if (missing !== undefined) throw new Error(missing)
      tell({ type: 'state', state: 'running' })
      const open = (port: number) => tell({ type: 'door', trap: order.trap, port })
      const isWatched = playing.pageOrigins.length > 0
      return { kind: 'trap', report: await traps[order.trap].run(signal, isWatched ? open : undefined) }
    }
    case 'story': {
      const { playStory } = await import('./story/play-story.ts')
      return { kind: 'story', report: await playStory(order, { tell, signal, modes, runId }) }
    }
    case 'cluster': {
      const { playCluster } = await import('./cluster/play-cluster.ts')
      return { kind: 'cluster', report: await playCluster({ tell, signal, runId, ...cluster }) }
    }
  }
}
