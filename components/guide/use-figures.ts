'use client'

import { useEffect, useState } from 'react'
import { askLab } from '#components/lab/runs/run-orders.ts'
import { deliveryNames } from '#server/protocol/lab.ts'
import type { ListedRun, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'
import { type Figures, figuresOf, tellsCosts, withCostsOf } from './figures.ts'

export type FiguresView = { found: FiguresFound | undefined; readAgain: () => void }

/** The figures that the guide uses, undefined until loaded; read again when the connection returns. */
export function useFigures(): FiguresView {
  const [found, setFound] = useState<FiguresFound>()
  const [round, setRound] = useState(0)
  const readAgain = () => setRound((before) => before + 1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new `round` is how they are read again
  useEffect(() => {
    const left = new AbortController()
    void readFigures(left.signal).then((now) => {
      if (left.signal.aborted) return
      // Known figures stay if they cannot be read again.
      setFound((before) =>
        now.type === 'failed' && before && before.type !== 'none' ? { ...before, ...now } : now,
      )
    })
    return () => left.abort()
  }, [round])

  useEffect(() => {
    window.addEventListener('online', readAgain)
    return () => window.removeEventListener('online', readAgain)
  })
  return { found, readAgain }
}

/** `none`: nothing has been measured, and no reference run is shipped. `failed` may still have figures. */
export type FiguresFound =
  | { type: 'found'; figures: Figures }
  | { type: 'none' }
  | { type: 'failed'; why: string; figures?: Figures }

/** How many of the newest runs are searched for figures. */
const lookedAt = 5

/**
 * The figures of this machine's newest run in which something arrived on all lanes, else those of the reference run.
 */
async function readFigures(signal: AbortSignal): Promise<FiguresFound> {
  const runs = await askLab<WireRunList>('/runs', signal)
  const own = runs.type === 'read' ? await newestOf(runs.value.items, signal) : undefined
  const reference = own && tellsCosts(own) ? undefined : await readReference(signal)
  const figures = own ? withCostsOf(own, reference) : reference
  if (runs.type === 'failed') return { type: 'failed', why: runs.why, ...(figures && { figures }) }
  return figures ? { type: 'found', figures } : { type: 'none' }
}

async function newestOf(items: readonly ListedRun[], signal: AbortSignal): Promise<Figures | undefined> {
  for (const { id } of items.filter(isWhole).slice(0, lookedAt)) {
    const run = await askLab<WireRun>(`/runs/${encodeURIComponent(id)}`, signal)
    const figures = run.type === 'read' ? figuresOf(run.value, 'own') : undefined
    if (figures) return figures
  }
  return undefined
}

/** Done, and with clients on all four lanes. */
function isWhole({ state, order }: ListedRun): boolean {
  return (
    state === 'done' &&
    order.kind === 'scenario' &&
    deliveryNames.every((name) => order.scenario.clients[name] > 0)
  )
}

async function readReference(signal: AbortSignal): Promise<Figures | undefined> {
  try {
    const answer = await fetch('/reference-run.json', { signal })
    return answer.ok ? figuresOf((await answer.json()) as WireRun, 'reference') : undefined
  } catch {
    // Missing or unreachable: the guide then relies on rules alone, and says so.
    return undefined
  }
}
