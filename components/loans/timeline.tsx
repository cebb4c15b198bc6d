import type { ReactNode } from 'react'
import { type LaneKind, laneColor } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import { missing } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'

/** Stages along the time column, oldest first. */
export function Timeline({ label, children }: { label: string; children: ReactNode }) {
  return (
    <ol aria-label={label} className="pt-2">
      {children}
    </ol>
  )
}

type StageProps = {
  state: 'done' | 'now' | 'to-come' | 'failed'
  title: string
  /** ISO 8601; absent for future stages. */
  at?: string
  /** The lane that delivered it; colours the current stage's mark. */
  kind: LaneKind
  /** Shown at the right: when it was seen. */
  side?: ReactNode
  children?: ReactNode
  className?: string
}

/** One stage: time, mark, text, and `side` at the right. */
export function TimelineStage({ state, title, at, kind, side, children, className }: StageProps) {
  const toCome = state === 'to-come'
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={classes(
        'group grid grid-cols-[60px_20px_1fr] gap-x-1.5 md:grid-cols-[calc(var(--clock)-20px)_24px_1fr_auto] md:gap-x-2',
        className,
      )}
    >
      <span>
        {at ? (
          <Time at={at} style="recent" className="text-ink-2" />
        ) : (
          <span className="text-ink-3">{missing}</span>
        )}
      </span>
      <span className="relative flex justify-center max-md:row-span-2" aria-hidden>
        <span
          className={classes(
            'absolute top-3 -bottom-3 border-l group-last:hidden',
            toCome || state === 'now' ? 'border-dotted border-field' : 'border-ink',
          )}
        />
        <StageMark state={state} kind={kind} />
      </span>
      <div className={toCome ? 'pb-1.5' : 'pb-4'}>
        <h3 className={toCome ? 'text-body text-ink-3' : 'type-section leading-6'}>{title}</h3>
        {children && <div className="text-ui text-ink-2">{children}</div>}
      </div>
      {side && (
        <div className="type-data pb-4 text-ink-2 max-md:col-start-3 max-md:-mt-3 md:pt-1 md:text-right">
          {side}
        </div>
      )}
    </li>
  )
}

function StageMark({ state, kind }: Pick<StageProps, 'state' | 'kind'>) {
  return (
    <svg
      width={18}
      height={24}
      viewBox="0 0 18 24"
      fill="none"
      aria-hidden
      className={classes('relative block', laneColor[kind])}
    >
      {state === 'now' ? (
        <>
          <rect
            x={1.75}
            y={4.75}
            width={14.5}
            height={14.5}
            className="fill-bg stroke-ink"
            strokeWidth={1.5}
          />
          <rect x={5} y={8} width={8} height={8} fill="currentColor" />
        </>
      ) : state === 'failed' ? (
        <path d="M4.5 7.5l9 9M13.5 7.5l-9 9" className="stroke-danger" strokeWidth={2} />
      ) : state === 'done' ? (
        <rect x={5} y={8} width={8} height={8} className="fill-ink" />
      ) : (
        <rect x={5.5} y={8.5} width={7} height={7} className="fill-bg stroke-field" />
      )}
    </svg>
  )
}
