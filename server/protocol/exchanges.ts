/** The server's own counts of one exchange: bytes on the socket with headers, database queries. */
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
  /** True while a stream is open: its bytes still grow. */
  open?: boolean
  /** The `Last-Event-ID` with which a stream was resumed. */
  lastEventId?: string
  /** Of a WebSocket: what Engine.IO calls it in its open packet. */
  socketId?: string
  /** Of a WebSocket: the headers of its upgrade that tell something, as the server got and sent them. */
  handshake?: { request: [name: string, value: string][]; response: [name: string, value: string][] }
}

/** `silent` names the nodes that did not answer in time: what they have counted is missing. */
export type WireExchanges = { exchanges: WireExchange[]; silent: string[] }
