'use client'
import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { type Frame, type FrameKind, fieldOf, nameOfFrame } from './frame.ts'
import { FrameDetail } from './frame-detail.tsx'
import { LineButton, rowLook } from './line-button.tsx'

const gists = {
  entry: 'news',
  ready: 'same',
  reset: 'same',
  bye: 'same',
  beat: 'beat',
  other: 'beat',
} as const satisfies Record<FrameKind, string>

type FrameRowProps = { frame: Frame; name?: string; open: boolean; onToggle: () => void }

/** One frame of a stream in the drawer's list; a beat is faint. Opened, its lines stand below as they came. */
export function FrameRow({ frame, name, open, onToggle }: FrameRowProps) {
  const { atMs, kind, lines, bytes } = frame
  const faint = kind === 'beat' || kind === 'other'
  const id = fieldOf(lines, 'id')
  return (
    <>
      <tr className={classes(rowLook(open), faint && 'text-ink-3')} data-frame={kind} data-lane="sse">
        <td
          className={classes('type-data pl-(--wire-x) whitespace-nowrap', faint ? 'h-6' : 'h-8 max-md:h-11')}
        >
          <Time at={atMs} style="milli" phone="second" />
        </td>
        <td className="type-data px-3 whitespace-nowrap">
          <LineButton open={open} onToggle={onToggle} className={kind === 'entry' ? 'font-semibold' : ''}>
            <ExchangeMark kind="sse" gist={gists[kind]} />
            {kind === 'entry' ? (id?.slice(id.indexOf('.') + 1) ?? 'entry') : nameOfFrame(frame)}
          </LineButton>
        </td>
        <td className="type-data w-full max-w-0 pr-3">
          <p className="truncate">
            {name && <span className="text-ink-3">{name} </span>}
            {kind === 'entry' && <span className="text-ink">{nameOfFrame(frame)} </span>}
            <span className={faint ? '' : 'text-ink-2'}>{excerpt(frame)}</span>
          </p>
        </td>
        <td className="max-md:hidden" />
        <td className="type-data pr-3 text-right whitespace-nowrap">{formatCount(bytes)}</td>
        <td />
      </tr>
      {open && (
        <tr className="border-b border-line-strong bg-bg">
          <td colSpan={6}>
            <FrameDetail frame={frame} />
          </td>
        </tr>
      )}
    </>
  )
}

/** What the frame says beyond its name: an entry's own data without the members that every entry has. */
function excerpt({ kind, lines }: Frame): string {
  const data = fieldOf(lines, 'data') ?? lines[0] ?? ''
  if (kind !== 'entry') return data
  const from = data.indexOf('"data":')
  return from < 0 ? data : data.slice(from + 7, -1)
}
