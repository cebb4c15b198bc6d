import type { LaneKind } from '#components/lane/lane-kind.ts'
import type { SourceEntry } from '#components/source/source-list.ts'
import type { TrapName } from '#server/protocol/lab.ts'

/** Lines of a file in this repository. */
export type CitedLines = Required<SourceEntry>

export type TrapText = {
  name: TrapName
  /** The lane it concerns; undefined if none. */
  lane?: LaneKind
  title: string
  /** The symptom. */
  happens: string
  /** The cause. */
  why: string
  /** The lines that the failing arm runs. */
  fallsIn: CitedLines
  /** The lines with which this app avoids it. */
  wayRound: CitedLines
  /** What no run here can show of the trap. */
  notShown?: string
  /** The test that proves the solution; `name` verbatim from the file. */
  proof: { path: string; name: string }
  sources: { name: string; href: string }[]
}
