'use client'
import { formatCount, missing } from '#components/ui/format.ts'
import { HoverLink } from '#components/ui/hover-link.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Time } from '#components/ui/time.tsx'
import type { ListedRun } from '#server/protocol/lab-runs.ts'
import { isOver } from './run-state.ts'
import { orderFigures, runTitle, stateWords } from './run-words.ts'

type RunRowProps = {
  run: ListedRun
  ticked: boolean
  onTick: (on: boolean) => void
  /** Absent where runs are read-only. */
  onAsk?: (what: 'name' | 'delete') => void
}

/** One run in the list: when, what, how it ended, what it lost, and its number. */
export function RunRow({ run, ticked, onTick, onAsk }: RunRowProps) {
  const { id, number, startedAt, state, lost } = run
  const title = runTitle(run)
  return (
    <li className="grid grid-cols-[28px_1fr_auto] items-center gap-x-3 border-b border-line py-2 last:border-0 hover:bg-hover md:grid-cols-[28px_136px_1fr_112px_88px_72px_56px]">
      <label className="grid size-7 cursor-pointer place-items-center max-md:row-span-2 max-md:size-11 max-md:-ml-2">
        <input
          type="checkbox"
          aria-label={`Compare run ${number}`}
          checked={ticked}
          disabled={!isOver(state)}
          onChange={(event) => onTick(event.target.checked)}
          className="size-4 appearance-none border border-field bg-raised checked:border-ink checked:bg-ink disabled:border-line"
        />
      </label>
      <Time at={startedAt} style="full" className="text-ink-2 max-md:hidden" />
      <div className="min-w-0">
        <HoverLink href={`/lab/runs/${id}`} className="type-section block truncate hover:underline">
          {title}
        </HoverLink>
        <p className="truncate text-ui text-ink-2">{orderFigures(run.order)}</p>
      </div>
      <p className="type-data text-ink-3 md:hidden max-md:col-start-2 max-md:row-start-2">
        <Time at={startedAt} style="full" /> <LostWords lost={lost} />
      </p>
      <StateWord run={run} />
      <Lost lost={lost} />
      <div className="flex justify-end max-md:col-start-3 max-md:row-start-2">
        {onAsk && isOver(state) && (
          <>
            <IconButton label={`Name run ${number}`} onClick={() => onAsk('name')} className="size-8">
              <Icon name="edit" />
            </IconButton>
            <IconButton label={`Delete run ${number}`} onClick={() => onAsk('delete')} className="size-8">
              <Icon name="delete" />
            </IconButton>
          </>
        )}
      </div>
      <span className="type-axis text-right text-ink-3 max-md:hidden">run {number}</span>
    </li>
  )
}

function StateWord({ run: { state } }: { run: ListedRun }) {
  const look =
    state === 'failed' ? 'font-semibold text-danger' : isOver(state) ? 'text-ink-2' : 'font-semibold'
  return <span className={`text-ui whitespace-nowrap max-md:text-right ${look}`}>{stateWords[state]}</span>
}

function Lost({ lost }: { lost: number | null }) {
  return (
    <span className="type-data text-right whitespace-nowrap max-md:hidden">
      <LostWords lost={lost} />
    </span>
  )
}

function LostWords({ lost }: { lost: number | null }) {
  if (lost === null) return <span className="text-ink-3">{missing}</span>
  return <span className={lost > 0 ? 'font-semibold text-danger' : undefined}>{formatCount(lost)} lost</span>
}
