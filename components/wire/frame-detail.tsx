import { Breakable } from './breakable.tsx'
import type { Frame } from './frame.ts'
import { frameNote } from './frame-note.ts'
import { SideNote } from './side-note.tsx'

/** A frame's lines as they came, with notes in lane ink on what they are for. */
export function FrameDetail({ frame }: { frame: Frame }) {
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
