/** The four lanes, in the order in which they are always drawn. */
export const laneKinds = ['short', 'long', 'sse', 'ws'] as const
export type LaneKind = (typeof laneKinds)[number]

type Lane = {
  name: string
  /** Stroke pattern at weight 1; an empty one is an unbroken line. */
  dash: readonly number[]
  /** Offsets of the parallel strokes from the lane's middle: two for rails. */
  rails: readonly number[]
  strokeWidth: number
  marker: 'square' | 'diamond' | 'circle' | 'triangle'
}

/** How each lane is drawn: its line is the life of its connection. */
export const lanes = {
  short: { name: 'Short polling', dash: [2, 4], rails: [0], strokeWidth: 2, marker: 'square' },
  long: { name: 'Long polling', dash: [12, 4], rails: [0], strokeWidth: 2, marker: 'diamond' },
  sse: { name: 'Server-Sent Events', dash: [], rails: [0], strokeWidth: 2, marker: 'circle' },
  ws: { name: 'WebSocket', dash: [], rails: [-2.5, 2.5], strokeWidth: 1.5, marker: 'triangle' },
} as const satisfies Record<LaneKind, Lane>

/** The colour of a lane's lines and marks (at least 3:1), as a class that sets `currentColor`. */
export const laneColor = {
  short: 'text-short',
  long: 'text-long',
  sse: 'text-sse',
  ws: 'text-ws',
} as const satisfies Record<LaneKind, string>

/** The colour of text about a lane (at least 4.5:1). */
export const laneInk = {
  short: 'text-short-ink',
  long: 'text-long-ink',
  sse: 'text-sse-ink',
  ws: 'text-ws-ink',
} as const satisfies Record<LaneKind, string>

/** The background of an entry that this lane has just delivered. */
export const laneWash = {
  short: 'bg-short-wash',
  long: 'bg-long-wash',
  sse: 'bg-sse-wash',
  ws: 'bg-ws-wash',
} as const satisfies Record<LaneKind, string>

/** Offsets of a socket's rails in a plot, further apart: received packets on the upper one, sent ones on the lower. */
export const plotRails = { received: -4, sent: 4 } as const
