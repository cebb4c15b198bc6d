/** A file of this repository that the source tab shows; `cite` finds its relevant lines. */
export type SourceEntry = { path: string; cite?: RegExp }

/** The delivery files, side by side; one that does not exist is not shown. */
export const deliveries = [
  {
    lane: 'short',
    rules: 'SP',
    path: 'server/deliver/short-poll.ts',
    cite: /^ {2}const page = readablePage[\s\S]*?^ {4}: encodePage.*$/m,
  },
  {
    lane: 'long',
    rules: 'LP',
    path: 'server/deliver/long-poll.ts',
    cite: /^ {2}#take\(look[\s\S]*?^ {4}if \(moved\) .*$/m,
  },
  {
    lane: 'sse',
    rules: 'SSE',
    path: 'server/deliver/event-stream.ts',
    cite: /^ {2}take\(batch[\s\S]*?^ {2}onAccessRevoked\([\s\S]*?^ {2}\}$/m,
  },
  {
    lane: 'ws',
    rules: 'WS',
    path: 'server/deliver/socket.ts',
    cite: /^ {2}take\(batch[\s\S]*?^ {2}\}$/m,
  },
] as const satisfies (SourceEntry & { lane: string; rules: string })[]

/** A delivery's further files: on a socket the client sends too, and these are its commands. */
export const besides = [
  { lane: 'ws', path: 'server/http/commands.ts', cite: /^const commands = new Map[\s\S]*?^\]\)$/m },
] as const satisfies (SourceEntry & { lane: string })[]

/**
 * The browser's clients, comparable line by line; the socket's is in two files: the connection, and what it delivers.
 */
export const browserHalves = [
  { lanes: ['short'], path: 'components/live/clients/short-poll.ts', cite: /^ {6}const got = yield\* .*$/m },
  { lanes: ['long'], path: 'components/live/clients/long-poll.ts', cite: /^ {6}const got = yield\* .*$/m },
  { lanes: ['sse'], path: 'components/live/clients/event-stream.ts', cite: /^ {4}attempt: .*$/m },
  { lanes: ['ws'], path: 'components/live/clients/socket.ts', cite: /^ {8}const end = await hold.*$/m },
  {
    lanes: ['ws'],
    path: 'components/live/socket-transport.ts',
    cite: /^ {4}connection\.send\('follow'[\s\S]*?following\.begin.*$/m,
  },
] as const satisfies (SourceEntry & { lanes: readonly string[] })[]

export const protocolPath = 'server/PROTOCOL.md'

/** A numbered rule of PROTOCOL.md, such as `LP1`. */
export type Rule = { id: string; text: string }

const rulePattern = /^- \*\*([A-Z]+\d+)\*\*[.:]? +(.+(?:\n {2,}\S.*)*)/gm

/** The rules in `markdown` whose id is `prefix` and a number, in order, without emphasis marks. */
export function rulesOf(markdown: string, prefix: string): Rule[] {
  return [...markdown.matchAll(rulePattern)].flatMap(([, id = '', text = '']) =>
    id.replace(/\d+$/, '') === prefix
      ? [{ id, text: text.replace(/\s*\n\s*/g, ' ').replace(/\*\*/g, '') }]
      : [],
  )
}
