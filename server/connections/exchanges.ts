import type { Socket } from 'node:net'
import type { WireExchange } from '#server/protocol/exchanges.ts'

/** What one exchange has cost, before it is formatted for the wire. */
export type Counted = Omit<WireExchange, 'at'> & { atMs: number }
type Recorded = Counted & { sessionId: string }

/** One exchange in progress: the socket's byte counts at its start, and its queries so far. */
export type Meter = { startedAt: number; read: number; written: number; queries: number }

export type Exchanges = {
  begin(request: Pick<Exchanged, 'socket'>): Meter
  /** Records what an exchange cost, once its response has been sent. Without a session nobody could query it. */
  end(meter: Meter, request: Exchanged, facts: Facts): void
  /** Records a stream that has ended. */
  add(sessionId: string, counted: Counted): void
  /** A session's latest exchanges, newest first. */
  of(sessionId: string): WireExchange[]
}

/** The parts of a request that are counted. */
type Exchanged = { socket: Socket; method?: string | undefined }

type Facts = { sessionId: string | undefined; requestId: string; path: string; status: number }

const kept = 4_096
const answered = 200
const marks = new WeakMap<Socket, { read: number; written: number }>()

/**
 * The server's own counts for each exchange: bytes on the socket, headers included, and database statements.
 *
 * One ring for all sessions bounds the memory. A socket's counters keep running between requests, so each exchange
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
 * What a request has cost. The oldest record is overwritten in place: an object that survives 4,096 polls is copied
 * twice by the garbage collector and freed late. With new objects for every poll, this and the socket's mark took 2 of
 * the collector's 5 µs per poll.
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

/** As `/api/wire` returns it. */
export function toWire({ atMs, durationMs, ...exchange }: Counted): WireExchange {
  return {
    ...exchange,
    at: new Date(atMs).toISOString(),
    durationMs: Math.round(durationMs * 100) / 100,
  }
}

/** A page was served on this socket: its bytes belong to no exchange of the API. */
export function skipBytes({ socket }: Pick<Exchanged, 'socket'>): void {
  markUpTo(socket, socket.bytesRead, socket.bytesWritten)
}

/** Short ids for the logs, problem documents and `X-Request-Id`, unique within one process. */
export function requestIds(): () => string {
  const process = crypto.randomUUID().slice(0, 4)
  let requests = 0
  return () => `r-${process}${(requests++).toString(36).padStart(4, '0')}`
}
