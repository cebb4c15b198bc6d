import { Fragment, type ReactNode } from 'react'
import { type LaneKind, laneInk } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'

type LineButtonProps = { open: boolean; onToggle: () => void; className?: string; children: ReactNode }

/** Opens a line of the list; the whole row takes the click. */
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

/** The look of a line's row: opened, it lies on the page's own ground. */
export function rowLook(open: boolean): string {
  return classes(
    'relative hover:bg-hover',
    open ? 'border-t border-line-strong bg-bg [--surface:var(--bg)]' : 'border-b border-line',
  )
}

/** JSON has no spaces to break at; after a comma is as good. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=,)/).map((part, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text have no other name
    <Fragment key={n}>
      {part}
      <wbr />
    </Fragment>
  ))
}

/** What a line on the wire means, in lane ink behind it. */
export function SideNote({ lane, text }: { lane: LaneKind; text: string }) {
  return (
    <span className={`ml-4 font-sans font-normal break-normal font-stretch-[84%] ${laneInk[lane]}`}>
      {text}
    </span>
  )
}

/** The ground on which an opened line of a socket's list lies: marks left, what was said right of them. */
export function SocketDetail({ children }: { children: ReactNode }) {
  return (
    <div className="type-data grid grid-cols-[14px_minmax(0,1fr)] gap-x-2.5 pt-1 pr-(--wire-x) pb-4 pl-31 leading-5 max-md:pl-(--wire-x)">
      {children}
    </div>
  )
}
