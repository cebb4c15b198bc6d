import type { EnteredLanes } from '#components/lab/lanes/enter-lanes.ts'
import { type DeliveryName, deliveryNames } from '#server/protocol/lab.ts'
import type { Incident, Ledger } from '#server/protocol/lab-report.ts'
import { windowMs } from './scope-shape.ts'

/** The scope's contents in words and figures. */
export type ScopeFigures = {
  lanes: Record<DeliveryName, LaneFigures>
  newest: number
  followed: number | undefined
}
export type LaneFigures = Pick<Ledger, 'received' | 'lost' | 'repeated'> & {
  waiting: number
  /** How late the followed entry was here, in ms. */
  lateMs: number | undefined
}

/** The scope of a page's lanes: what it draws at any moment, and which entry it follows. */
export type ScopeView = {
  isLive(): boolean
  scene(): Scene
  figures(): ScopeFigures
  /** Follows this entry; without one, from time to time the newest that all lanes have received. */
  choose(seq: number | undefined): void
  outages(outages: readonly Outage[]): void
  /** Calls `changed` when there is something to draw although the scope is not live. */
  watch(changed: () => void): () => void
  /** Freezes time. */
  stop(): void
}

export function createScopeView(entered: EnteredLanes): ScopeView {
  const watchers = new Set<() => void>()
  let lasting: readonly Outage[] = []
  let followed: number | undefined
  let chosen: number | undefined
  const tell = () => {
    for (const changed of watchers) changed()
  }

  function follow() {
    const nowMs = entered.leftMs() ?? entered.now()
    followed = chooseFollowed(entered, nowMs, { ...{ chosen, followed } })
    return nowMs
  }

  return {
    isLive: () => entered.leftMs() === undefined,
    scene: () => ({ nowMs: follow(), entered, outages: lasting, followed }),
    figures() {
      follow()
      return { lanes: laneFigures(entered, followed), newest: entered.times.newest, followed }
    },
    choose(seq) {
      chosen = seq
      tell()
    },
    outages(outages) {
      lasting = outages
      tell()
    },
    watch(changed) {
      watchers.add(changed)
      return () => watchers.delete(changed)
    },
    stop: tell,
  }
}

function laneFigures({ lanes, times, report }: EnteredLanes, followed: number | undefined) {
  const ledgers = report(false)
  return Object.fromEntries(
    deliveryNames.map((lane): [DeliveryName, LaneFigures] => {
      const { received = 0, lost = 0, repeated = 0, declared = 0 } = ledgers[lane]?.ledger ?? {}
      const { last } = lanes[lane]
      return [
        lane,
        {
          // Commits are reported in batches; entries that arrive before their report count at once.
          received: Math.max(received, last - lost - declared),
          ...{ lost, repeated, waiting: Math.max(0, times.newest - last) },
          lateMs: followed === undefined ? undefined : lateness(times, lane, followed),
        },
      ]
    }),
  ) as Record<DeliveryName, LaneFigures>
}

function lateness(times: EnteredLanes['times'], lane: DeliveryName, seq: number): number | undefined {
  const [commitMs, arrivedMs] = [times.commitMs(seq), times.arrivedMs(lane, seq)]
  if (commitMs === undefined || arrivedMs === undefined) return undefined
  return Math.max(0, arrivedMs - commitMs)
}

/** How long an automatically chosen entry is followed, in ms: long enough to be read. */
const followedForMs = 0.7 * windowMs

/**
 * The entry to follow now: the reader's choice while it is in the window, else the newest that all lanes have received,
 * until that has moved well to the left.
 */
function chooseFollowed(
  { times, lanes }: Pick<EnteredLanes, 'times' | 'lanes'>,
  nowMs: number,
  { chosen, followed }: { chosen?: number; followed?: number },
): number | undefined {
  if (chosen !== undefined && ageOf(chosen) < windowMs) return chosen
  if (followed !== undefined && ageOf(followed) < followedForMs) return followed
  const newest = Math.min(...deliveryNames.map((lane) => lanes[lane].last))
  const known = newest > 0 && ageOf(newest) < windowMs ? newest : undefined
  return known ?? (followed !== undefined && ageOf(followed) < windowMs ? followed : undefined)

  function ageOf(seq: number): number {
    const commitMs = times.commitMs(seq)
    return commitMs === undefined ? Number.POSITIVE_INFINITY : nowMs - commitMs
  }
}

/** What the scope draws at one moment. Times are epoch ms. */
export type Scene = {
  entered: EnteredLanes
  nowMs: number
  outages: readonly Outage[]
  /** The entry followed through all lanes. */
  followed: number | undefined
}

/** Something that was done to the network. */
type Outage = { fromMs: number; toMs: number; what: string; lane?: DeliveryName }

/** The incidents of a run that last, in the machine's time. */
export function outagesOf(incidents: readonly Incident[], measuredFrom: string | undefined): Outage[] {
  if (measuredFrom === undefined) return []
  const fromMs = Date.parse(measuredFrom)
  return incidents.flatMap(({ atMs, untilMs, what, lane }) => {
    if (untilMs === undefined || lane === 'control') return []
    return [{ fromMs: fromMs + atMs, toMs: fromMs + untilMs, what, ...(lane && { lane }) }]
  })
}
