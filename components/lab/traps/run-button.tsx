'use client'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { TrapName } from '#server/protocol/lab.ts'
import { useTraps } from './trap-runs.tsx'

/** Runs both arms of a trap. */
export function RunButton({ trap, title }: { trap: TrapName; title: string }) {
  const { mayRun, running, standOf, run } = useTraps()
  const stand = standOf(trap)
  const elsewhere = running !== undefined && running !== trap
  return (
    <Button
      pending={stand.state === 'running'}
      disabled={!mayRun || elsewhere}
      aria-label={`${stand.state === 'done' ? 'Run again' : 'Run'}: ${title}`}
      onClick={() => run(trap)}
    >
      {stand.state === 'running' ? 'Running' : <Words again={stand.state === 'done'} />}
    </Button>
  )
}

function Words({ again }: { again: boolean }) {
  return (
    <>
      <Icon name="play" />
      {again ? 'Run again' : 'Run'}
    </>
  )
}
