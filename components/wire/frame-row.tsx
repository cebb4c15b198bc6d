'use client'

import { classes } from '#components/ui/classes.ts'
import { formatCount } from '#components/ui/format.ts'
import { Time } from '#components/ui/time.tsx'
import { ExchangeMark } from './exchange-mark.tsx'
import { type Frame, type FrameKind, fieldOf, nameOfFrame } from './frame.ts'
import { Breakable, LineButton, rowLook, SideNote } from './line-button.tsx'

const gists = {
  entry: 'news',
  ready: 'same',
  reset: 'same',
  bye: 'same',
  beat: 'beat',
  other: 'beat',
} as const satisfies Record<FrameKind, string>

type FrameRowProps = { frame: Frame; name?: string; open: boolean; onToggle: () => void }

/** One frame of a stream in the drawer's list; beats are faint. Expanded, its lines are shown verbatim below. */
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

/** The frame's content beyond its name: an entry's own data without the members common to all entries. */
function excerpt({ kind, lines }: Frame): string {
  const data = fieldOf(lines, 'data') ?? lines[0] ?? ''
  if (kind !== 'entry') return data
  const from = data.indexOf('"data":')
  return from < 0 ? data : data.slice(from + 7, -1)
}

/** A frame's lines verbatim, with notes in the lane's colour on what they are for. */
function FrameDetail({ frame }: { frame: Frame }) {
  return (
    <div className="type-data grid grid-cols-[76px_1fr] gap-x-6 px-(--wire-x) pt-1 pb-4 leading-5 max-md:grid-cols-[16px_1fr] max-md:gap-x-2">
      <span className="text-ink-2">↓</span>
      <div className="min-w-0">
        {frame.lines.map((line, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a frame have no other name
          <Line key={n} line={line} />
        ))}
        <p className="text-ink-3">
          ↵<SideNote lane="sse" text="an empty line ends the frame" />
        </p>
      </div>
    </div>
  )
}

function Line({ line }: { line: string }) {
  const colon = line.indexOf(':')
  const note = frameNote(line)
  return (
    <p className="break-words">
      <span className="text-ink-3">{line.slice(0, colon + 1)}</span>
      <Breakable text={line.slice(colon + 1)} />
      {note && <SideNote lane="sse" text={note} />}
    </p>
  )
}

/** What a line of a stream is for, in a few words; undefined when it is self-explanatory. */
function frameNote(line: string): string | undefined {
  const { name, value } = /^(?<name>[^:]*):? ?(?<value>.*)$/s.exec(line)?.groups ?? {}
  switch (name) {
    case '':
      return 'a comment; EventSource doesn’t pass it on'
    case 'id':
      return 'the cursor; sent back as Last-Event-ID, it resumes the stream right after this event'
    case 'retry':
      return `a plain EventSource would reconnect after ${value} ms`
    case 'event':
      return eventNotes[value ?? '']
    default:
      return undefined
  }
}

const eventNotes: Record<string, string> = {
  ready: 'the stream is open; its ID is the position before the first entry',
  beat: 'a heartbeat; without it a dead connection looks like a quiet one',
  reset: 'the cursor can’t be resumed; the stream continues from this ID, and entries may be missing',
  bye: 'the server is about to close the stream; says why and when to reconnect',
}
