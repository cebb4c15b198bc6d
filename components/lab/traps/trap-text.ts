import type { LaneKind } from '#components/lane/lane-kind.ts'
import type { SourceEntry } from '#components/source/source-list.ts'
import type { TrapName } from '#server/protocol/lab.ts'

/** Lines of a file of this repository. */
export type CitedLines = Required<SourceEntry>

export type TrapText = {
  name: TrapName
  /** The wire it lies on; undefined where it lies on none. */
  lane?: LaneKind
  title: string
  /** What one sees. */
  happens: string
  /** Why it is so. */
  why: string
  /** How one falls in: the lines that the failing arm runs. */
  fallsIn: CitedLines
  /** How this app goes round, in its own lines. */
  wayRound: CitedLines
  /** What of the trap no run here can show. */
  notShown?: string
  /** The test that proves the way round; `name` as it stands in the file. */
  proof: { path: string; name: string }
  sources: { name: string; href: string }[]
}
