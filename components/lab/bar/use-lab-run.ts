'use client'
import { useEffect, useRef } from 'react'
import { type PageLanes, useLanes } from '#components/lab/lanes/use-lanes.ts'
import { type FollowedRun, useRun } from '#components/lab/runs/use-run.ts'
import { pageFetch } from '#components/live/page-viewer.ts'
import { sendJson } from '#components/live/send-json.ts'
import type { BrowserReport } from '#server/protocol/lab-report.ts'
import type { RunEvent, WireRun } from '#server/protocol/lab-runs.ts'

/** Follows a run, enters its lanes when they open, and adds to its report how this page fared. */
export function useLabRun(run: WireRun | undefined): { followed: FollowedRun; lanes: PageLanes } {
  const heard = useRef<(event: RunEvent) => void>(undefined)
  const followed = useRun(run?.id, run, (event) => heard.current?.(event))
  const { readAgain } = followed
  const order = run?.order
  const pollMs = order?.kind === 'scenario' ? order.scenario.pollMs : 0

  async function report(report: BrowserReport) {
    if (!run) return
    const url = `/api/lab/runs/${run.id}/browser`
    const sent = await sendJson<void>(pageFetch, url, report, undefined, 'PUT')
    if (sent.state === 'done') readAgain()
  }
  const lanes = useLanes(followed.doors, pollMs, followed.state, (told) => void report(told))
  useEffect(() => {
    heard.current = lanes.hear
  })
  return { followed, lanes }
}
