/** One entry of a stream. `seq` counts 1, 2, 3 … without gaps; `at` is ISO 8601 with milliseconds. */
export type WireEntry<Data = unknown> = { seq: number; type: string; at: string; data: Data }

/** The 200 of a short or long poll. `next` is the cursor for the next poll, `head` the newest. */
export type WirePage<Data = unknown> = {
  entries: WireEntry<Data>[]
  next: string
  head: string
  more: boolean
}

export type ResetReason = 'epoch' | 'beyond-head' | 'trimmed'

export const cursorPattern = /^[0-9a-z]{4,16}\.(0|[1-9][0-9]{0,15})$/

/** Valid stream names, including `me` and `account` (the caller's own), `feed` and `pulse`. */
export const streamNamePattern =
  /^(me|account|feed|pulse|(loan|user|room|account|prices|lab):[A-Za-z0-9_-]{1,64})$/

/** `event: ready`: the stream is open. `head` is the newest cursor, `beatMs` the interval of beats. */
export type StreamReady = { head: string; beatMs: number }

/** `event: beat`: the heartbeat. `at` is the server's time, which reveals a beat that was held back. */
export type StreamBeat = { at: string }

/** `event: reset`: the cursor cannot be resumed, and entries may be missing; the stream continues from `head`. */
export type StreamReset = { head: string; reason: ResetReason }

/** `event: bye`: the server ends the stream. Reconnect after `retryMs`, unless the session has ended. */
export type StreamBye = { reason: ByeReason; retryMs: number }

/** `right-ended`: the caller may no longer read the stream; reconnecting is answered as if it did not exist. */
export type ByeReason = 'drain' | 'slow' | 'session-ended' | 'right-ended'
