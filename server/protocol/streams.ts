/** One entry of a stream. `seq` counts 1, 2, 3 … without holes; `at` is ISO 8601 with milliseconds. */
export type WireEntry<Data = unknown> = { seq: number; type: string; at: string; data: Data }

/** A short or long poll's 200. `next` is the cursor to ask after, `head` the newest there is. */
export type WirePage<Data = unknown> = {
  entries: WireEntry<Data>[]
  next: string
  head: string
  more: boolean
}

export type ResetReason = 'epoch' | 'beyond-head' | 'trimmed'

export const cursorPattern = /^[0-9a-z]{4,16}\.(0|[1-9][0-9]{0,15})$/

/** What a stream may be called, `me` and `account` (the caller's own), `feed` and `pulse` included. */
export const streamNamePattern =
  /^(me|account|feed|pulse|(loan|user|room|account|prices|lab):[A-Za-z0-9_-]{1,64})$/

/** `event: ready`: the stream is open. `head` is the newest cursor, `beatMs` how often a beat comes. */
export type StreamReady = { head: string; beatMs: number }

/** `event: beat`: nothing but a sign of life. `at` is the server's time, by which one that was held back shows. */
export type StreamBeat = { at: string }

/** `event: reset`: the cursor leads nowhere, and entries may be missing; the stream resumes from `head`. */
export type StreamReset = { head: string; reason: ResetReason }

/** `event: bye`: the server ends the stream. Come back after `retryMs`, unless the session has ended. */
export type StreamBye = { reason: ByeReason; retryMs: number }

/** `right-ended`: the stream is no longer the caller's to read; coming back is answered as for one that does not exist. */
export type ByeReason = 'drain' | 'slow' | 'session-ended' | 'right-ended'
