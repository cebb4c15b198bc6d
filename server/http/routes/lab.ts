import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sessionCookieReader } from '#server/domain/accounts/session.ts'
import { type Env, hasAllRoles } from '#server/env.ts'
import type { Context } from '#server/http/context.ts'
import { empty } from '#server/http/openapi.ts'
import { parsePosition } from '#server/http/paging.ts'
import { Refusal } from '#server/http/problem.ts'
import type { Routes } from '#server/http/route.ts'
import { backplanesAnswer, readBackplanes } from '#server/lab/runs/read-backplanes.ts'
import { listRuns, parseRunNumber } from '#server/lab/runs/read-run.ts'
import { reportCsv } from '#server/lab/runs/report-csv.ts'
import { deleteRun, keepBrowser, nameRun } from '#server/lab/runs/store-run.ts'
import { browserReportSchema } from '#server/protocol/browser-report.ts'
import type { LaneSignIn, ListedRun, RunOutcome, WireRun, WireRunList } from '#server/protocol/lab-runs.ts'
import {
  clusterActionSchema,
  runNameSchema,
  runOrderSchema,
  storyModeSchema,
} from '#server/protocol/lab-schemas.ts'
import { cursorPattern } from '#server/protocol/streams.ts'
import { isFromLoopback, isSame } from './diagnostics.ts'

const params = z.object({ id: z.string() })
const path = '/api/lab/runs'

/** Lab runs: everyone may read them; in demo mode, users at this machine may start and change them. */
export const labRunRoutes: Routes<Pick<Context, 'env' | 'runs' | 'database'>> = (
  api,
  { env, runs, database: { prisma } },
) => {
  const cookie = `${env.COOKIE_PREFIX}.run`
  const secure = env.BASE_URL.startsWith('https:') ? '; Secure' : ''
  const keyIn = sessionCookieReader(cookie)

  // Before the body is read: without permission, its errors are not reported.
  const onRequest = async (request: FastifyRequest) => {
    if (mayRun(request, env)) return
    throw new Refusal(
      'forbidden',
      'Runs are only available in demo mode, from this machine, where one process has all roles',
    )
  }

  const start = { body: runOrderSchema, responses: { 201: runAnswer }, summary: 'Start a lab run' }
  api.post(path, { schema: start, onRequest }, async (request, reply) => {
    const { run, key } = await runs.start(request.body)
    return reply
      .code(201)
      .header('location', `${path}/${run.id}`)
      .header('set-cookie', `${cookie}=${key}; Path=${path}; HttpOnly; SameSite=Strict${secure}`)
      .header('cache-control', 'no-store')
      .send(run)
  })

  const list = {
    querystring: z.object({ before: z.string().optional() }),
    responses: { 200: runListAnswer },
    summary: 'List lab runs, newest first',
  }
  api.get(path, { schema: list }, async (request, reply) => {
    const page = await listRuns(prisma, parsePosition(request.query.before, parseRunNumber))
    return reply.header('cache-control', 'no-store').send({ ...page, mayRun: mayRun(request, env) })
  })

  const read = {
    params,
    responses: { 200: runAnswer },
    summary: 'Get a run, with its report once it has ended',
  }
  api.get(`${path}/:id`, { schema: read }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await runs.read(request.params.id)),
  )

  const signIn = {
    params,
    responses: { 200: laneSignInAnswer },
    summary: 'Get the session with which the browser that started a run joins its lanes',
  }
  api.get(`${path}/:id/sign-in`, { schema: signIn }, async (request, reply) => {
    const lanes = runs.lanesOf(request.params.id)
    if (!lanes) throw new Refusal('not-found', 'This run’s lanes are not open')
    if (!isSame(keyIn(request.headers.cookie) ?? '', `${cookie}=${lanes.key}`)) {
      throw new Refusal('forbidden', 'Only the browser that started this run can join its lanes')
    }
    return reply.header('cache-control', 'no-store').send(lanes.signIn)
  })

  const name = { params, body: runNameSchema, responses: { 200: runAnswer }, summary: 'Name a run' }
  api.patch(`${path}/:id`, { schema: name, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await nameRun(prisma, id, request.body.name)
    return reply.header('cache-control', 'no-store').send(await runs.read(id))
  })

  const remove = { params, responses: { 204: empty }, summary: 'Delete a run that has ended' }
  api.delete(`${path}/:id`, { schema: remove, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await deleteRun(prisma, id)
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const stop = { params, responses: { 200: runAnswer }, summary: 'Stop a run early' }
  api.post(`${path}/:id/stop`, { schema: stop, onRequest }, async (request, reply) => {
    const { id } = request.params
    await runs.stop(id)
    return reply.header('cache-control', 'no-store').send(await runs.read(id))
  })

  const mode = {
    params,
    body: storyModeSchema,
    responses: { 204: empty },
    summary: 'Change how the polled server of the database story responds',
  }
  api.post(`${path}/:id/mode`, { schema: mode, onRequest }, async (request, reply) => {
    await runs.setMode(request.params.id, request.body.mode)
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const act = {
    params,
    body: clusterActionSchema,
    responses: { 204: empty },
    summary: 'Ask a running cluster to add, drain, kill or roll gateways, or to send a message',
  }
  api.post(`${path}/:id/actions`, { schema: act, onRequest }, async (request, reply) => {
    await runs.act(request.params.id, request.body.action)
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const browser = {
    params,
    body: browserReportSchema,
    responses: { 204: empty },
    summary: 'Add what a page measured on its own lanes',
  }
  api.put(`${path}/:id/browser`, { schema: browser, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await keepBrowser(prisma, id, request.body)
    return reply.code(204).header('cache-control', 'no-store').send()
  })
}

/** What the benches have measured last on this machine. */
export const labBenchRoutes: Routes<unknown> = (api) => {
  const schema = {
    responses: { 200: z.strictObject({ latest: backplanesAnswer.nullable() }) },
    summary: 'Get the latest comparison of backplanes',
  }
  api.get('/api/lab/backplanes', { schema }, async (_request, reply) => {
    const latest = (await readBackplanes()) ?? null
    return reply.header('cache-control', 'no-store').send({ latest })
  })
}

/** LAB2: a run uses the whole machine, starts processes on it, and keeps its stream in this process's memory. */
function mayRun(request: FastifyRequest, env: Env): boolean {
  return env.DEMO && hasAllRoles(env) && isFromLoopback(request)
}

/** The report of a run as downloadable files. */
export const labReportRoutes: Routes<Pick<Context, 'runs'>> = (api, { runs }) => {
  const json = {
    params,
    responses: { 200: runAnswer.loose() },
    summary: 'Download a run and its report as JSON, with each lane’s figures repeated at the top level',
  }
  api.get('/api/lab/runs/:id/report.json', { schema: json }, async (request, reply) => {
    const run = withReport(await runs.read(request.params.id))
    const lanes = run.outcome.kind === 'scenario' ? run.outcome.report.lanes : {}
    return reply
      .headers(download(run, 'json'))
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify({ ...lanes, ...run }, null, 2)}\n`)
  })

  const csv = {
    params,
    responses: { 200: z.string() },
    summary: 'Download a run’s figures as CSV, one row per lane',
  }
  api.get('/api/lab/runs/:id/report.csv', { schema: csv }, async (request, reply) => {
    const run = withReport(await runs.read(request.params.id))
    return reply
      .headers(download(run, 'csv'))
      .type('text/csv; charset=utf-8; header=present')
      .send(reportCsv(run))
  })
}

function withReport(run: WireRun): WireRun & { outcome: RunOutcome } {
  const { outcome } = run
  if (!outcome) throw new Refusal('not-found', 'The run has no report')
  return { ...run, outcome }
}

function download({ number }: WireRun, kind: string): Record<string, string> {
  return {
    'content-disposition': `attachment; filename="wireside-run-${number}.${kind}"`,
    'cache-control': 'no-store',
  }
}

const moment = z.iso.datetime()

const head = {
  id: z.string(),
  number: z.int(),
  name: z.string().nullable(),
  state: z.enum(['preparing', 'running', 'finishing', 'done', 'stopped', 'failed']),
  order: runOrderSchema,
  startedAt: moment,
  endedAt: moment.nullable(),
  failure: z.string().optional(),
}

/** A report is what the run's process measured: `protocol/lab.ts` defines its content. */
const outcome = z.strictObject({
  kind: z.enum(['scenario', 'drill', 'trap', 'story', 'cluster']),
  report: z.looseObject({}),
})

export const runAnswer = z
  .strictObject({
    ...head,
    outcome: outcome.optional(),
    cursor: z.string().regex(cursorPattern).optional(),
  })
  .meta({ id: 'Run' }) satisfies z.ZodType<Omit<WireRun, 'outcome'>>

const laneSignInAnswer = z.strictObject({
  email: z.string(),
  password: z.string(),
}) satisfies z.ZodType<LaneSignIn>

const listedRun = z
  .strictObject({ ...head, cursor: z.string().optional(), lost: z.int().nullable() })
  .meta({ id: 'ListedRun' }) satisfies z.ZodType<ListedRun>

export const runListAnswer = z.strictObject({
  items: z.array(listedRun),
  nextBefore: z.string().nullable(),
  mayRun: z.boolean(),
}) satisfies z.ZodType<WireRunList>
