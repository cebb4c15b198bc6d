'use client'
import { useNow } from '#components/live/use-now.ts'
import { HttpHead, HttpLines, useHttpWires } from './http-wires.tsx'
import type { Recording } from './recording.ts'
import type { PageLane } from './wire-frame.tsx'

type WireViewProps = { recording: Recording; lane: PageLane; held: boolean }

/** The sums, the plot and the list of what this page had on the wire. */
export function WireView({ recording, lane, held }: WireViewProps) {
  const nowMs = useNow(1_000, !held)
  const wires = useHttpWires(recording, lane)
  return (
    <>
      <HttpHead wires={wires} nowMs={nowMs} />
      <HttpLines wires={wires} />
    </>
  )
}
