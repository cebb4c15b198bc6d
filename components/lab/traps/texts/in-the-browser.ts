import type { TrapText } from '../trap-text.ts'

const eventSourceSpec = 'https://html.spec.whatwg.org/multipage/server-sent-events.html'

export const inTheBrowser: readonly TrapText[] = [
  {
    name: 'six-connections',
    lane: 'sse',
    title: 'Six connections per host',
    happens: 'With six tabs open, the seventh loads forever, without an error or a response.',
    why: 'Over HTTP/1.1, a browser opens six connections per host, shared by all tabs. An event stream holds one for as long as it’s open, and further requests queue behind it. Over HTTP/2, which browsers speak with TLS only, all share one connection.',
    fallsIn: {
      path: 'server/lab/traps/arms/six-connections.ts',
      cite: /^ {2}const streams = [\s\S]*?each`, signal\)\)$/m,
    },
    wayRound: {
      path: 'components/live/tab-sharing.ts',
      cite: /^ {4}channel\.post\(\{ type: 'here', unseenSinceMs \}\)\n[\s\S]*?^ {6}tell\(step\)$/m,
    },
    proof: {
      path: 'e2e/bell-tabs.spec.ts',
      name: 'Eight tabs on HTTP/1.1: every page loads, one connection carries the bell of all, one toast comes',
    },
    sources: [
      {
        name: 'MDN, EventSource: the warning about HTTP/1.1',
        href: 'https://developer.mozilla.org/en-US/docs/Web/API/EventSource',
      },
    ],
  },
  {
    name: 'event-source-ends-on-503',
    lane: 'sse',
    title: 'EventSource gives up on a 503',
    happens: 'After a server restart, some tabs receive nothing more until they’re reloaded.',
    why: 'EventSource reconnects after a lost connection, but not after a response other than 200. A proxy that responds with 503 while the server restarts ends it for good: readyState is CLOSED.',
    fallsIn: {
      path: 'server/lab/traps/arms/event-source-ends-on-503.ts',
      cite: /^ {2}const source = new EventSource\(url\)\n.*onmessage.*$/m,
    },
    wayRound: {
      path: 'components/live/keep-connected.ts',
      cite: /^ {10}const pauseMs = reconnect[\s\S]*?clock\.sleep\(pauseMs, .*$/m,
    },
    proof: {
      path: 'components/live/clients/event-stream.test.ts',
      name: 'is survived: Retry-After is obeyed, and the refusal told with its request id',
    },
    sources: [
      { name: 'HTML Standard, 9.2.3 Processing model', href: `${eventSourceSpec}#sse-processing-model` },
    ],
  },
  {
    name: 'buffering-proxies',
    lane: 'sse',
    title: 'A proxy that buffers',
    happens:
      'On the developer’s machine, events arrive immediately. Behind the proxy they arrive in batches, or never.',
    why: 'A proxy may buffer a response until it’s complete, and an event stream never is. The stream is open on both sides, so neither sees an error.',
    fallsIn: {
      path: 'server/lab/traps/buffering-proxies.ts',
      cite: /^async function waitForStream[\s\S]*?^\}$/m,
    },
    wayRound: {
      path: 'components/live/keep-connected.ts',
      cite: /^ {8}case 'blocked': \{[\s\S]*?^ {8}\}$/m,
    },
    proof: {
      path: 'components/live/fallback.test.ts',
      name: 'A proxy that holds all back is found out within seconds: no ready, twice, though polls are answered',
    },
    sources: [
      {
        name: 'nginx, proxy_buffering',
        href: 'https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering',
      },
    ],
  },
  {
    name: 'offline-tabs',
    lane: 'sse',
    title: 'A tab that doesn’t know it’s offline',
    happens:
      'The laptop was asleep, or the network changed. The page says “live” but shows data from an hour ago.',
    why: 'A connection that neither side closes stays open. Without traffic, the browser can’t tell a dead connection from a quiet one, so no error event fires, and comments in a stream aren’t passed to the page.',
    fallsIn: {
      path: 'server/lab/traps/arms/offline-tabs.ts',
      cite: /^ {2}const source = new EventSource\(`\$\{line\}\/stream`\)[\s\S]*?errors \+= 1\n {2}\}$/m,
    },
    wayRound: {
      path: 'components/live/clients/event-stream.ts',
      cite: /^\/\*\*\n \* Silence in ms after which a beat is overdue[\s\S]*?^const deadAfter .*$/m,
    },
    notShown:
      'Not run here, because a page can’t hide itself: in a hidden tab, timers run once a second, and after five minutes once a minute. The app therefore checks heartbeats against the clock instead of counting timer ticks.',
    proof: {
      path: 'components/live/clients/event-stream.test.ts',
      name: 'A silent line is given up once a poll was not answered in 10 s either, and the next source goes on from the cursor',
    },
    sources: [
      { name: 'HTML Standard, 9.2.7 Authoring notes', href: `${eventSourceSpec}#authoring-notes` },
      {
        name: 'Chrome 88, timer throttling',
        href: 'https://developer.chrome.com/blog/timer-throttling-in-chrome-88',
      },
    ],
  },
  {
    name: 'somebody-elses-etag',
    lane: 'short',
    title: 'Someone else’s ETag',
    happens: 'Ben signs in where Ada was signed in, and sees Ada’s page.',
    why: 'The browser sends the ETag it stored for the URL, whoever is signed in and whatever Vary says. If the ETag names only the version, it matches, and the 304 makes the browser show what it has: Ada’s page.',
    fallsIn: { path: 'server/lab/traps/somebody-elses-etag.ts', cite: /^function answerPage[\s\S]*?^\}$/m },
    wayRound: { path: 'server/deliver/cursor.ts', cite: /^export function formatTag[\s\S]*?^\}$/m },
    proof: {
      path: 'server/http/routes/streams.test.ts',
      name: 'V1 A tag of another viewer never makes a 304, neither at once nor at the deadline',
    },
    sources: [
      {
        name: 'RFC 9110, 8.8.1 Weak versus Strong',
        href: 'https://www.rfc-editor.org/rfc/rfc9110.html#section-8.8.1',
      },
    ],
  },
]
