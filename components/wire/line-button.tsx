import { Fragment, type ReactNode } from 'react'
import { type LaneKind, laneInk } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'

type LineButtonProps = { open: boolean; onToggle: () => void; className?: string; children: ReactNode }

/** Expands a line of the list; the whole row is clickable. */
export function LineButton({ open, onToggle, className, children }: LineButtonProps) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={onToggle}
      className={classes(
        'flex items-center gap-2.5 after:absolute after:inset-0 focus-visible:outline-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus',
        className,
      )}
    >
      {children}
    </button>
  )
}

/** The classes of a line's row; expanded, it has the page's background. */
export function rowLook(open: boolean): string {
  return classes(
    'relative hover:bg-hover',
    open ? 'border-t border-line-strong bg-bg [--surface:var(--bg)]' : 'border-b border-line',
  )
}

/** JSON has no spaces to break at; breaking after a comma is as good. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=,)/).map((part, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text have no other name
    <Fragment key={n}>
      {part}
      <wbr />
    </Fragment>
  ))
}

/** What a line on the wire means, in the lane's colour after it. */
export function SideNote({ lane, text }: { lane: LaneKind; text: string }) {
  return (
    <span className={`ml-4 font-sans font-normal break-normal font-stretch-[84%] ${laneInk[lane]}`}>
      {text}
    </span>
  )
}

/** The background of an expanded line in a socket's list: marks on the left, content on the right. */
export function SocketDetail({ children }: { children: ReactNode }) {
  return (
    <div className="type-data grid grid-cols-[14px_minmax(0,1fr)] gap-x-2.5 pt-1 pr-(--wire-x) pb-4 pl-31 leading-5 max-md:pl-(--wire-x)">
      {children}
    </div>
  )
}
