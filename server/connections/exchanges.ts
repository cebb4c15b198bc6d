import type { Socket } from 'node:net'
import type { WireExchange } from '#server/protocol/exchanges.ts'

/** What one exchange has cost, before it is told. */
export type Counted = Omit<WireExchange, 'at'> & { atMs: number }
type Recorded = Counted & { sessionId: string }

/** One exchange while it is served: what the socket had carried before it, and its queries so far. */
export type Meter = { startedAt: number; read: number; written: number; queries: number }

export type Exchanges = {
  begin(request: Pick<Exchanged, 'socket'>): Meter
  /** Notes what an exchange cost, once its answer has left. Without a session nobody could ask for it. */
  end(meter: Meter, request: Exchanged, facts: Facts): void
  /** Notes a stream that has ended. */
  add(sessionId: string, counted: Counted): void
  /** A session's latest exchanges, newest first. */
  of(sessionId: string): WireExchange[]
}

/** What of a request its exchange is counted by. */
type Exchanged = { socket: Socket; method?: string | undefined }

type Facts = { sessionId: string | undefined; requestId: string; path: string; status: number }

const kept = 4_096
const answered = 200
const marks = new WeakMap<Socket, { read: number; written: number }>()

/**
 * The server's own counts: bytes on the socket, headers included, and database statements, for each exchange.
 *
 * One ring for all sessions bounds the memory. A socket's counters run on between requests, so each exchange
 * counts from where the one before it ended.
 */
export function createExchanges(now: () => number = Date.now): Exchanges {
  const ring: Recorded[] = []
  let next = 0

  function keep(record: Recorded) {
    ring[next] = record
    next = (next + 1) % kept
  }

  return {
    add: (sessionId, counted) => keep({ sessionId, ...counted }),
    begin({ socket }) {
      const { read, written } = marks.get(socket) ?? { read: 0, written: 0 }
      return { startedAt: performance.now(), read, written, queries: 0 }
    },
    end(meter, request, { sessionId, requestId, path, status }) {
      const { socket } = request
      const { bytesRead, bytesWritten } = socket
      markUpTo(socket, bytesRead, bytesWritten)
      if (sessionId === undefined) return
      const oldest = ring[next]
      const record = oldest instanceof RequestRecord ? oldest : new RequestRecord()
      const durationMs = performance.now() - meter.startedAt
      record.sessionId = sessionId
      record.requestId = requestId
      record.method = request.method ?? 'GET'
      record.path = path
      record.status = status
      record.atMs = now() - durationMs
      record.durationMs = durationMs
      record.bytesIn = bytesRead - meter.read
      record.bytesOut = bytesWritten - meter.written
      record.queries = meter.queries
      keep(record)
    },
    of(sessionId) {
      const ordered = [...ring.slice(next), ...ring.slice(0, next)].reverse()
      return ordered
        .filter((exchange) => exchange.sessionId === sessionId)
        .slice(0, answered)
        .map(({ sessionId: _, ...counted }) => toWire(counted))
    },
  }
}

/**
 * What a request has cost. The oldest is written over: what outlives 4,096 polls is moved twice and collected late, and
 * this and the mark of a socket, made anew for each poll, took 2 of the collector's 5 µs a poll.
 */
class RequestRecord implements Recorded {
  sessionId = ''
  requestId = ''
  method = ''
  path = ''
  status = 0
  atMs = 0
  durationMs = 0
  bytesIn = 0
  bytesOut = 0
  queries = 0
}

function markUpTo(socket: Socket, read: number, written: number): void {
  const mark = marks.get(socket)
  if (!mark) marks.set(socket, { read, written })
  else {
    mark.read = read
    mark.written = written
  }
}

/** As `/api/wire` tells it. */
export function toWire({ atMs, durationMs, ...exchange }: Counted): WireExchange {
  return {
    ...exchange,
    at: new Date(atMs).toISOString(),
    durationMs: Math.round(durationMs * 100) / 100,
  }
}

/** A page went over this socket: its bytes belong to no exchange of the API. */
export function skipBytes({ socket }: Pick<Exchanged, 'socket'>): void {
  markUpTo(socket, socket.bytesRead, socket.bytesWritten)
}

/** Ids that stand in the logs, the problem document and `X-Request-Id`: unique in one process, and short. */
export function requestIds(): () => string {
  const process = crypto.randomUUID().slice(0, 4)
  let requests = 0
  return () => `r-${process}${(requests++).toString(36).padStart(4, '0')}`
}
