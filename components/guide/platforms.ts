import type { Hosting } from './answers.ts'

export type Platform = Exclude<Hosting, 'servers'>

/** One limit as its owner states it. `asOf` is the date on the page, or of the copy that was read. */
type PlatformLimit = { says: string; asOf: string; source: string }

type PlatformFacts = {
  name: string
  /** How long a response may be written before it is ended, in seconds; undefined where there is no limit. */
  answerEndsAfterSeconds?: number
  /** How many responses may be held at once before a quota is raised; undefined where no such quota is known. */
  heldAtOnce?: number
  /** What holds a WebSocket, in a clause; undefined where nothing can. */
  socket?: string
  limits: readonly PlatformLimit[]
}

/** What functions may do, with the source of each limit: they change, so check before you build on one. */
export const platforms: Record<Platform, PlatformFacts> = {
  lambda: {
    name: 'AWS Lambda',
    answerEndsAfterSeconds: 900,
    heldAtOnce: 1_000,
    socket:
      'API Gateway holds the socket, for at most 2 h and 10 min without traffic; the function receives single messages',
    limits: [
      {
        says: 'A function runs for at most 900 s.',
        asOf: '2026-11',
        source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
      },
      {
        says: '1,000 run concurrently by default, each serving one request; the quota can be raised.',
        asOf: '2026-11',
        source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
      },
      {
        says: 'API Gateway streams a response for up to 15 min and closes it after 5 min without data (30 s at the edge).',
        asOf: '2025-11-19',
        source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
      },
      {
        says: 'API Gateway keeps a WebSocket open for 2 h, or 10 min without traffic.',
        asOf: '2026-11',
        source:
          'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html',
      },
    ],
  },
  vercel: {
    name: 'Vercel Functions',
    answerEndsAfterSeconds: 800,
    socket: 'a function holds the socket (public beta) until the function ends',
    limits: [
      {
        says: 'A function runs for 300 s on Hobby, 800 s on Pro and Enterprise.',
        asOf: '2025-12-18',
        source: 'https://vercel.com/docs/functions/limitations',
      },
      {
        says: 'Functions can hold WebSockets (public beta).',
        asOf: '2026-10-01',
        source: 'https://vercel.com/kb/guide/do-vercel-serverless-functions-support-websocket-connections',
      },
    ],
  },
  workers: {
    name: 'Cloudflare Workers',
    socket: 'a Durable Object holds the socket and can hibernate',
    limits: [
      {
        says: 'A request may use 5 min of CPU time, with no limit on wall-clock time.',
        asOf: '2025-03-25',
        source: 'https://developers.cloudflare.com/changelog/2025-03-25-higher-cpu-limits/',
      },
      {
        says: 'A Durable Object holds WebSockets and can hibernate without closing them.',
        asOf: '2026-09-30',
        source: 'https://developers.cloudflare.com/durable-objects/best-practices/websockets/',
      },
    ],
  },
  'cloud-run': {
    name: 'Google Cloud Run',
    answerEndsAfterSeconds: 3_600,
    socket: 'a container holds the socket until its request times out',
    limits: [
      {
        says: 'A request times out after 5 min by default, 60 min at most; a WebSocket counts as a request.',
        asOf: '2026-11',
        source: 'https://docs.cloud.google.com/run/docs/configuring/request-timeout',
      },
    ],
  },
  azure: {
    name: 'Azure Functions',
    answerEndsAfterSeconds: 230,
    limits: [
      {
        says: 'An HTTP trigger must respond within 230 s on every plan.',
        asOf: '2026-01-20',
        source: 'https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout',
      },
    ],
  },
}
