'use client'
import { useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import { buttonClasses } from '#components/ui/button-look.ts'
import { useMounted } from '#components/ui/use-mounted.ts'
import { CopyButton } from '#components/wire/copy-button.tsx'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { stopRun, whyNot } from './run-orders.ts'

/** Stop while it goes on; afterwards a link to share, the report as files, and as paper. */
export function RunActions({ run, over }: { run: WireRun; over: boolean }) {
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
