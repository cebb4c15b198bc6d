'use client'

import { useState } from 'react'
import { actOnCluster, startRun, stopRun, whyNot } from '#components/lab/runs/run-orders.ts'
import { isOver } from '#components/lab/runs/run-state.ts'
import { type FollowedRun, useRun } from '#components/lab/runs/use-run.ts'
import { useRuns } from '#components/lab/runs/use-runs.ts'
import type { ClusterAction } from '#server/protocol/lab.ts'
import type { ListedRun, WireRun } from '#server/protocol/lab-runs.ts'

export type ClusterView = {
  followed: FollowedRun
  isGoingOn: boolean
  /** Undefined until loaded. */
  mayRun: boolean | undefined
  /** Another run that is under way. */
  other: ListedRun | undefined
  pending: 'start' | 'stop' | ClusterAction | undefined
  /** Why the last action was refused, or why the lab does not respond, in a sentence. */
  refusal: string | undefined
  trouble: string | undefined
  start: () => void
  stop: () => void
  act: (action: ClusterAction) => void
}

/** The cluster running on this machine, or the one that this page starts. */
export function useCluster(): ClusterView {
  const runs = useRuns()
  const [started, setStarted] = useState<WireRun>()
  const [pending, setPending] = useState<ClusterView['pending']>()
  const [refusal, setRefusal] = useState<string>()
  const current = runs.items?.find(({ state }) => !isOver(state))
  const found = current?.order.kind === 'cluster' ? current : undefined
  const shown = started ?? found
  const followed = useRun(shown?.id, shown)
  const { run, state } = followed
  const isGoingOn = run !== undefined && !isOver(state)

  async function ask(what: NonNullable<ClusterView['pending']>, send: () => ReturnType<typeof actOnCluster>) {
    setPending(what)
    setRefusal(undefined)
    const sent = await send()
    setPending(undefined)
    if (sent.state !== 'done') {
      setRefusal(whyNot(sent))
      runs.readAgain()
    }
    return sent
  }

  return {
    ...{ followed, isGoingOn, pending, refusal },
    mayRun: runs.items && runs.mayRun,
    other: !isGoingOn && current && !found ? current : undefined,
    trouble: followed.trouble ?? runs.trouble,
    async start() {
      const sent = await ask('start', () => startRun({ kind: 'cluster' }))
      if (sent.state === 'done') setStarted(sent.value as WireRun)
    },
    stop: () => run && void ask('stop', () => stopRun(run.id)),
    act: (action) => run && void ask(action, () => actOnCluster(run.id, action)),
  }
}
