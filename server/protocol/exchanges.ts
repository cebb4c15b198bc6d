/** The server's own figures for one exchange: bytes on the socket including headers, and database queries. */
export type WireExchange = {
  requestId: string
  method: string
  path: string
  status: number
  at: string
  durationMs: number
  bytesIn: number
  bytesOut: number
  queries: number
  /** True while a stream is open, and its bytes still grow. */
  open?: boolean
  /** The `Last-Event-ID` with which a stream was resumed. */
  lastEventId?: string
  /** For a WebSocket: the id in Engine.IO's open packet. */
  socketId?: string
  /** For a WebSocket: the relevant headers of its upgrade, as received and sent by the server. */
  handshake?: { request: [name: string, value: string][]; response: [name: string, value: string][] }
}

/** `silent` names the nodes that did not respond in time; their exchanges are missing. */
export type WireExchanges = { exchanges: WireExchange[]; silent: string[] }
