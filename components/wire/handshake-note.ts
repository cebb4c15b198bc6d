/** What a header of an upgrade means, in a few words; undefined when it speaks for itself. */
export function handshakeNote(side: 'request' | 'response', name: string): string | undefined {
  if (name.toLowerCase() === 'upgrade') {
    return side === 'request' ? 'asks to leave HTTP' : 'the last that is HTTP on this connection'
  }
  return notes[name.toLowerCase()]
}

const notes: Record<string, string> = {
  origin: 'put there by the browser; a foreign one is refused, for no other rule keeps it out',
  'sec-websocket-version': 'RFC 6455',
  'sec-websocket-accept': 'made of the key: who answers has understood the question',
  'sec-websocket-extensions': 'compression, where both want it',
}
