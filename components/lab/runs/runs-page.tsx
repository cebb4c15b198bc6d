'use client'

import { useState } from 'react'
import { Stack } from '#components/lane/lane-icon.tsx'
import { Button, ButtonLink } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'
import type { ListedRun } from '#server/protocol/lab-runs.ts'
import { NameRunDialog } from './name-run-dialog.tsx'
import { deleteRun, whyNot } from './run-orders.ts'
import { RunRow } from './run-row.tsx'
import { runTitle } from './run-words.ts'
import { type RunsList, useRuns } from './use-runs.ts'

/** All runs on this machine, newest first; any two can be ticked and compared. */
export function RunsPage() {
  const runs = useRuns()
  const [ticked, setTicked] = useState<readonly string[]>([])
  const [asked, setAsked] = useState<{ what: 'name' | 'delete'; run: ListedRun }>()
  const [a, b] = ticked
  // Ticking a third one unticks the first.
  const tick = (id: string, on: boolean) =>
    setTicked((before) => [...before.filter((one) => one !== id), ...(on ? [id] : [])].slice(-2))
  const close = () => setAsked(undefined)
  return (
    <div className="page-x pt-8 pb-16">
      <header className="flex min-h-(--control) flex-wrap items-center justify-between gap-4 pb-5">
        <h1 className="type-title">Runs</h1>
        <div className="flex gap-2">
          <ButtonLink href="/lab">The lab</ButtonLink>
          {a !== undefined && b !== undefined ? (
            <ButtonLink look="primary" href={`/lab/compare?a=${a}&b=${b}`}>
              Compare
            </ButtonLink>
          ) : (
            <Button disabled>Compare</Button>
          )}
        </div>
      </header>
      <List runs={runs} ticked={ticked} onTick={tick} onAsk={(what, run) => setAsked({ what, run })} />
      {asked?.what === 'name' && (
        <NameRunDialog
          run={asked.run}
          onClose={close}
          onNamed={(name) => {
            runs.rename(asked.run.id, name)
            close()
          }}
        />
      )}
      {asked?.what === 'delete' && (
        <DeleteRunDialog
          run={asked.run}
          onClose={close}
          onDeleted={() => {
            runs.drop(asked.run.id)
            tick(asked.run.id, false)
            close()
          }}
        />
      )}
    </div>
  )
}

type ListProps = {
  runs: RunsList
  ticked: readonly string[]
  onTick: (id: string, on: boolean) => void
  onAsk: (what: 'name' | 'delete', run: ListedRun) => void
}

function List({ runs, ticked, onTick, onAsk }: ListProps) {
  const { items, trouble, fetching, more } = runs
  if (items === undefined && trouble === undefined) return <SkeletonRows label="Loading the runs" rows={6} />
  return (
    <>
      {trouble && (
        <Notice
          danger
          className="mb-5"
          action={
            <Button small pending={fetching} onClick={runs.readAgain}>
              Retry now
            </Button>
          }
        >
          <strong className="font-semibold">The list couldn’t be loaded.</strong> {trouble}
        </Notice>
      )}
      {items?.length === 0 && <Empty mayRun={runs.mayRun} />}
      {items && items.length > 0 && (
        <ul aria-label="Runs" className="border-t border-line-strong">
          {items.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              ticked={ticked.includes(run.id)}
              onTick={(on) => onTick(run.id, on)}
              {...(runs.mayRun && { onAsk: (what: 'name' | 'delete') => onAsk(what, run) })}
            />
          ))}
        </ul>
      )}
      {more && (
        <Button className="mt-5" pending={fetching} onClick={runs.showMore}>
          Show older runs
        </Button>
      )}
    </>
  )
}

function Empty({ mayRun }: { mayRun: boolean }) {
  return (
    <div className="border-t border-line-strong pt-12">
      <StateBlock
        drawing={<Stack width={320} className="max-w-full text-field" />}
        title="No runs yet"
        actions={
          <ButtonLink look="primary" href="/lab">
            Open the lab
          </ButtonLink>
        }
      >
        {mayRun
          ? 'A run takes about half a minute and sends the same events over all four deliveries. Its report is stored here.'
          : 'Runs can only be started in demo mode, on the server’s machine, when one process has all roles. Their reports are stored here.'}
      </StateBlock>
    </div>
  )
}

type DeleteRunDialogProps = { run: ListedRun; onClose: () => void; onDeleted: () => void }

/** Confirms before a run and its report are deleted for good. */
function DeleteRunDialog({ run, onClose, onDeleted }: DeleteRunDialogProps) {
  const [sending, setSending] = useState(false)
  const [why, setWhy] = useState<string>()
  const send = async () => {
    setSending(true)
    const sent = await deleteRun(run.id)
    setSending(false)
    if (sent.state === 'done') onDeleted()
    else setWhy(whyNot(sent))
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete run ${run.number}?`}
      actions={
        <>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="danger" pending={sending} onClick={send}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        “{runTitle(run)}” and its report will be deleted permanently, and links to it will stop working. Files
        you exported are not affected.
      </p>
      {why && (
        <Notice danger className="mt-4">
          {why}
        </Notice>
      )}
    </Dialog>
  )
}
