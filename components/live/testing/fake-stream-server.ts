import type { Clock } from '#components/live/clock.ts'
import { epochOf, seqOf } from '#components/live/position.ts'
import type { Fetch } from '#components/live/request.ts'
import type { StreamBye, WireEntry } from '#server/protocol/streams.ts'

/** What is between the server and the browser. */
export type Line =
  | 'clear'
  /** A proxy that forwards nothing until the response is complete. */
  | 'holds-all'
  /** A proxy that flushes its buffer every given number of ms. */
  | { holdsMs: number }
  /** A proxy that forwards the beginning, and then nothing. */
  | 'holds-the-rest'
  /** Nothing gets through in either direction, and nothing reports it. */
  | 'dead'
  | 'cut'

export type Request = { url: string; headers: Headers; atMs: number; sse: boolean; cache?: RequestCache }

type Source = { send: (text: string) => void; close: () => void; cut: () => void; readonly open: boolean }

/** A server with one stream, behind a `Line`: event streams, short and long polls, as in PROTOCOL.md. */
export function fakeStreamServer(clock: Clock, { beatMs = 15_000, epoch = 'k7aa' } = {}) {
  const entries: WireEntry[] = []
  const requests: Request[] = []
  const sources = new Set<Source>()
  const appended = new EventTarget()
  const refusals: (() => Response)[] = []
  const state = { line: 'clear' as Line, epoch, beats: true }

  const fetch: Fetch = async (url, init = {}) => {
    const headers = new Headers(init.headers)
    const signal = init.signal ?? new AbortController().signal
    signal.throwIfAborted()
    const sse = headers.get('accept') === 'text/event-stream'
    requests.push({ url, headers, atMs: clock.now(), sse, cache: init.cache })
    if (state.line === 'cut') throw new TypeError('Failed to fetch')
    if (state.line === 'dead') return never(signal)
    const refusal = refusals.shift()
    if (refusal) return refusal()
    const after =
      headers.get('last-event-id') ?? new URL(url, 'http://server').searchParams.get('after') ?? ''
    return sse ? follow(after, signal) : poll(after, headers.get('prefer'), signal)
  }

  return {
    fetch,
    requests,
    entries,
    state,
    /** The event streams that are open now. */
    get sources() {
      return [...sources]
    },
    cursor: () => cursorAt(entries.length),
    append(type = 'note', data: unknown = {}) {
      const entry = { seq: entries.length + 1, type, at: new Date(clock.now()).toISOString(), data }
      entries.push(entry)
      appended.dispatchEvent(new Event('appended'))
      for (const source of sources) source.send(frameOf(entry))
      return entry
    },
    /** The response to the next request, whatever it is. */
    refuseOnce: (refusal: () => Response) => refusals.push(refusal),
    bye(bye: StreamBye) {
      for (const source of sources) {
        source.send(`event: bye\ndata: ${JSON.stringify(bye)}\n\n`)
        source.close()
      }
    },
    cutAll() {
      for (const source of sources) source.cut()
    },
    closeAll() {
      for (const source of sources) source.close()
    },
  }

  function cursorAt(seq: number) {
    return `${state.epoch}.${seq}`
  }

  function frameOf(entry: WireEntry) {
    return `id: ${cursorAt(entry.seq)}\ndata: ${JSON.stringify(entry)}\n\n`
  }

  function isReset(after: string) {
    return after !== 'now' && (epochOf(after) !== state.epoch || seqOf(after) > entries.length)
  }

  async function follow(after: string, signal: AbortSignal): Promise<Response> {
    const line = state.line
    const head = cursorAt(entries.length)
    const source = await openLine(line, signal)
    sources.add(source.ends)
    const at = after === 'now' ? head : after
    source.ends.send(`retry: 500\n\nevent: ready\nid: ${at}\ndata: ${JSON.stringify({ head, beatMs })}\n\n`)
    if (isReset(after)) {
      source.ends.send(`event: reset\nid: ${head}\ndata: ${JSON.stringify({ head, reason: 'epoch' })}\n\n`)
    } else for (const entry of entries.slice(seqOf(at))) source.ends.send(frameOf(entry))
    void beat(source.ends, signal)
    await source.begun
    return new Response(source.body, { headers: { 'Content-Type': 'text/event-stream' } })
  }

  async function beat(source: Source, signal: AbortSignal) {
    for (;;) {
      await clock.sleep(beatMs, signal)
      if (!source.open || signal.aborted) return
      if (state.beats) {
        source.send(`event: beat\ndata: ${JSON.stringify({ at: new Date(clock.now()).toISOString() })}\n\n`)
      }
    }
  }

  /** One connection through `line`: what is written at one end comes out of `body` when the line lets it through. */
  function openLine(line: Line, signal: AbortSignal) {
    const encoder = new TextEncoder()
    const begun = Promise.withResolvers<void>()
    let held: string[] = []
    let passed = 0
    let open = true
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    const body = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given
      },
      cancel: () => end(),
    })
    const flush = () => {
      if (!open || state.line === 'dead') return
      for (const text of held.splice(0)) {
        controller?.enqueue(encoder.encode(text))
        passed += 1
      }
      begun.resolve()
    }
    const end = () => {
      open = false
      sources.delete(ends)
    }
    const ends: Source = {
      get open() {
        return open
      },
      send(text) {
        held = [...held, text]
        if (line === 'clear' || (line === 'holds-the-rest' && passed === 0)) flush()
      },
      close() {
        if (!open) return
        flush()
        end()
        controller?.close()
      },
      cut() {
        if (!open) return
        end()
        controller?.error(new TypeError('network error'))
      },
    }
    signal.addEventListener('abort', () => {
      begun.reject(signal.reason)
      if (open) controller?.error(signal.reason)
      end()
    })
    begun.promise.catch(() => undefined)
    if (typeof line === 'object') void flushEvery(line.holdsMs)
    if (line !== 'holds-all' && typeof line !== 'object') begun.resolve()
    return { body, ends, begun: begun.promise }

    async function flushEvery(holdsMs: number) {
      while (open) {
        await clock.sleep(holdsMs - (clock.now() % holdsMs), signal)
        if (!signal.aborted && held.length > 0) flush()
      }
    }
  }

  async function poll(after: string, prefer: string | null, signal: AbortSignal): Promise<Response> {
    const head = cursorAt(entries.length)
    if (isReset(after)) {
      return problem(410, 'stream-reset', { head, reason: 'epoch' })
    }
    const from = after === 'now' ? entries.length : seqOf(after)
    const waitMs = Number(/wait=(\d+)/.exec(prefer ?? '')?.[1] ?? 0) * 1_000
    if (waitMs > 0 && from >= entries.length) {
      const woken = new AbortController()
      appended.addEventListener('appended', () => woken.abort(), { once: true })
      await clock.sleep(waitMs, AbortSignal.any([woken.signal, signal]))
      signal.throwIfAborted()
      if (from >= entries.length) return new Response(null, { status: 204 })
    }
    const page = entries.slice(from, from + 300)
    const next = cursorAt(from + page.length)
    const more = from + page.length < entries.length
    return Response.json(
      { entries: page, next, head: cursorAt(entries.length), more },
      { headers: { ETag: `"${next}-x"` } },
    )
  }
}

export function problem(
  status: number,
  slug: string,
  members: object = {},
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ type: `/problems/${slug}`, title: slug, status, ...members }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

function never(signal: AbortSignal) {
  return new Promise<Response>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
