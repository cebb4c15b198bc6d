import { Lane } from '#components/lane/lane.tsx'
import type { LaneKind } from '#components/lane/lane-kind.ts'
import { Stack } from '#components/lane/stack.tsx'

/** A destination's lane, or the stack of all four. */
export function LaneIcon({ kind, width }: { kind?: LaneKind; width: number }) {
  return kind ? <Lane kind={kind} width={width} /> : <Stack width={width} />
}
