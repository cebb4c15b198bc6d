import { connector, type OpenConnection, type Packet } from '#components/live/open-socket.ts'
import type { Fetch } from '#components/live/request.ts'
import { tapStream } from '#components/wire/tap-stream.ts'
import { seqsInText } from './entry-in-text.ts'
import type { LaneEvent, LaneOptions } from './lane.ts'

/** Engine.IO's ping, and Socket.IO's acknowledgement of a successful command. */
const ping = '2'
const acknowledged = /^43\d*\[\{"ok":true/

/** Everything that a lane's client sends and receives passes through here and is reported. */
export type LaneWire = { fetch: Fetch; open: OpenConnection }

/** The wire to a lane's server, which has another origin. */
export function laneWire(options: LaneOptions, tell: (event: LaneEvent) => void): LaneWire {
  const { origin, now } = options
  let latest: Tagged | undefined

  function tellLine(direction: 'up' | 'down', text: string) {
    const atMs = now()
    const seqs = direction === 'down' ? seqsInText(text) : undefined
    tell({ type: 'line', atMs, line: { atMs, direction, text, ...(seqs && { seqs }) } })
  }

  function note(packet: Packet) {
    if (packet.type === 'opening') {
      tell({ type: 'asked', atMs: now() })
      tellLine('up', upgradeText)
    }
    if (packet.type !== 'packet') return
    const { direction, text } = packet
    tellLine(direction === 'sent' ? 'up' : 'down', text)
    if (text === ping) tell({ type: 'beat', atMs: now() })
    if (direction === 'sent') tell({ type: 'said', atMs: now() })
    else if (acknowledged.test(text)) tell({ type: 'open', atMs: now() })
  }

  return {
    async fetch(url, init = {}) {
      const { path, headers } = withoutPreflight(url, new Headers(init.headers), latest)
      tell({ type: 'asked', atMs: now() })
      tellLine('up', `GET ${path} HTTP/1.1\n${fieldsOf(headers)}`)
      const response = await options.fetch(`${origin}${path}`, { ...init, headers, credentials: 'include' })
      latest = { path, tag: response.headers.get('etag') }
      if (response.body && response.headers.get('content-type')?.startsWith('text/event-stream')) {
        tellLine('down', headOf(response))
        const split = splitFrames()
        const heard = (chunk: Uint8Array) => {
          for (const frame of split(chunk)) tellLine('down', frame)
        }
        return new Response(
          tapStream(response.body, { heard, ended: () => undefined }, init.signal),
          response,
        )
      }
      const body = await response.text()
      tellLine('down', `${headOf(response)}\n${body}`)
      return new Response(body || null, response)
    },
    open: connector({ origin, note, ...options.socket }),
  }
}

/** The path last requested, and its response's ETag. */
type Tagged = { path: string; tag: string | null }

/**
 * Turns a page's request into one that needs no preflight across origins, which browsers would send for each URL: the
 * wait moves into the URL, where the cursor is already, and the ETag is sent only to the very URL that it came from.
 */
function withoutPreflight(
  url: string,
  headers: Headers,
  latest: Tagged | undefined,
): { path: string; headers: Record<string, string> } {
  const wait = headers.get('prefer')?.match(/^wait=\d+$/)?.[0]
  const path = wait ? `${url}${url.includes('?') ? '&' : '?'}${wait}` : url
  const tag = headers.get('if-none-match')
  return {
    path,
    headers: {
      Accept: headers.get('accept') ?? '*/*',
      ...(tag && latest?.path === path && latest.tag === tag && { 'If-None-Match': tag }),
    },
  }
}

const upgradeText =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\nConnection: Upgrade\nUpgrade: websocket\n'

/** A response's status line and those headers that a page of another origin may read. */
function headOf({ status, statusText, headers }: Response): string {
  return `HTTP/1.1 ${status} ${statusText}\n${fieldsOf(Object.fromEntries(headers))}`
}

function fieldsOf(fields: Record<string, string>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('')
}

/**
 * Splits an event stream's bytes into the texts of its frames, wherever the chunks were cut. Our server ends lines with
 * LF.
 */
function splitFrames(): (chunk: Uint8Array) => string[] {
  const decoder = new TextDecoder()
  let rest = ''
  return (chunk) => {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
    rest = frames.pop() ?? ''
    return frames.map((frame) => `${frame}\n`)
  }
}
