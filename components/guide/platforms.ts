import type { Hosting } from './answers.ts'

export type Platform = Exclude<Hosting, 'servers'>

/** One limit as its owner states it. `asOf` is the date on the page, or of the copy that was read. */
type PlatformLimit = { says: string; asOf: string; source: string }

type PlatformFacts = {
  name: string
  /** After how long an answer that is still being given is ended, in seconds; undefined where it is not. */
  answerEndsAfterSeconds?: number
  /** How many answers may be held at once before a quota is raised; undefined where no such quota is known. */
  heldAtOnce?: number
  /** Who holds a WebSocket, in a clause; undefined where nobody does. */
  socket?: string
  limits: readonly PlatformLimit[]
}

/** What functions may do, with the source of each limit: they change, so look before you build on one. */
export const platforms: Record<Platform, PlatformFacts> = {
  lambda: {
    name: 'AWS Lambda',
    answerEndsAfterSeconds: 900,
    heldAtOnce: 1_000,
    socket: 'API Gateway holds it, for 2 h at most and 10 min in silence; the function sees single messages',
    limits: [
      {
        says: 'A function runs for 900 s at most.',
        asOf: '2026-11',
        source: 'https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html',
      },
      {
        says: '1,000 run at once by default, each with one request; more on request.',
        asOf: '2026-11',
        source: 'https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html',
      },
      {
        says: 'API Gateway streams an answer for 15 min, and ends it after 5 min of silence (30 s at the edge).',
        asOf: '2025-11-19',
        source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html',
      },
      {
        says: 'API Gateway keeps a WebSocket for 2 h, 10 min when nothing passes.',
        asOf: '2026-11',
        source:
          'https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html',
      },
    ],
  },
  vercel: {
    name: 'Vercel Functions',
    answerEndsAfterSeconds: 800,
    socket: 'a function holds it, in public beta, and ends with it',
    limits: [
      {
        says: 'A function runs for 300 s on Hobby, 800 s on Pro and Enterprise.',
        asOf: '2025-12-18',
        source: 'https://vercel.com/docs/functions/limitations',
      },
      {
        says: 'Functions hold WebSockets, in public beta.',
        asOf: '2026-10-01',
        source: 'https://vercel.com/kb/guide/do-vercel-serverless-functions-support-websocket-connections',
      },
    ],
  },
  workers: {
    name: 'Cloudflare Workers',
    socket: 'a Durable Object holds it, and may sleep meanwhile',
    limits: [
      {
        says: 'A request may take 5 min of CPU, and any time by the clock.',
        asOf: '2025-03-25',
        source: 'https://developers.cloudflare.com/changelog/2025-03-25-higher-cpu-limits/',
      },
      {
        says: 'A Durable Object holds WebSockets, and sleeps without letting them go.',
        asOf: '2026-09-30',
        source: 'https://developers.cloudflare.com/durable-objects/best-practices/websockets/',
      },
    ],
  },
  'cloud-run': {
    name: 'Google Cloud Run',
    answerEndsAfterSeconds: 3_600,
    socket: 'a container holds it, until its request times out',
    limits: [
      {
        says: 'A request takes 5 min by default, 60 min at most; a WebSocket is a request.',
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
        says: 'An HTTP trigger has 230 s to answer, whatever the plan.',
        asOf: '2026-01-20',
        source: 'https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout',
      },
    ],
  },
}
