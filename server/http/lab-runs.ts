import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { sessionCookieReader } from '#server/domain/accounts/session.ts'
import type { Env } from '#server/env.ts'
import { listRuns, parseRunNumber } from '#server/lab/runs/read-run.ts'
import { deleteRun, keepBrowser, nameRun } from '#server/lab/runs/store-run.ts'
import { browserReportSchema } from '#server/protocol/browser-report.ts'
import { runNameSchema, runOrderSchema, storyModeSchema } from '#server/protocol/lab.ts'
import type { Routes } from './api.ts'
import { placeBefore } from './before.ts'
import { isFromLoopback } from './from-loopback.ts'
import { isSame } from './health.ts'
import { laneSignInAnswer, runAnswer, runListAnswer } from './lab-answers.ts'
import { empty } from './openapi.ts'
import { Refusal } from './problem.ts'

const params = z.object({ id: z.string() })
const path = '/api/lab/runs'

/** The runs of the lab: everybody reads them; who sits at this machine, in demo mode, starts and changes them. */
export const labRunRoutes: Routes = (api, { env, runs, database: { prisma } }) => {
  const cookie = `${env.COOKIE_PREFIX}.run`
  const secure = env.BASE_URL.startsWith('https:') ? '; Secure' : ''
  const keyIn = sessionCookieReader(cookie)

  // Before a body is read: who may not is told nothing of what is wrong with it.
  const onRequest = async (request: FastifyRequest) => {
    if (mayRun(request, env)) return
    throw new Refusal('forbidden', 'Runs are for demo mode, and for who asks from this machine')
  }

  const start = { body: runOrderSchema, answers: { 201: runAnswer }, summary: 'Starts a run of the lab' }
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
    answers: { 200: runListAnswer },
    summary: 'The runs of the lab, newest first',
  }
  api.get(path, { schema: list }, async (request, reply) => {
    const page = await listRuns(prisma, placeBefore(request.query.before, parseRunNumber))
    return reply.header('cache-control', 'no-store').send({ ...page, mayRun: mayRun(request, env) })
  })

  const read = { params, answers: { 200: runAnswer }, summary: 'A run, with its report when it has ended' }
  api.get(`${path}/:id`, { schema: read }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send(await runs.read(request.params.id)),
  )

  const signIn = {
    params,
    answers: { 200: laneSignInAnswer },
    summary: 'Who a page is on the lanes of a run: for the browser that started it',
  }
  api.get(`${path}/:id/sign-in`, { schema: signIn }, async (request, reply) => {
    const lanes = runs.lanesOf(request.params.id)
    if (!lanes) throw new Refusal('not-found', 'The lanes of this run are not open')
    if (!isSame(keyIn(request.headers.cookie) ?? '', `${cookie}=${lanes.key}`)) {
      throw new Refusal('forbidden', 'Only the browser that started this run can join its lanes')
    }
    return reply.header('cache-control', 'no-store').send(lanes.signIn)
  })

  const name = { params, body: runNameSchema, answers: { 200: runAnswer }, summary: 'Names a run' }
  api.patch(`${path}/:id`, { schema: name, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await nameRun(prisma, id, request.body.name)
    return reply.header('cache-control', 'no-store').send(await runs.read(id))
  })

  const remove = { params, answers: { 204: empty }, summary: 'Deletes a run that has ended' }
  api.delete(`${path}/:id`, { schema: remove, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await deleteRun(prisma, id)
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const stop = { params, answers: { 200: runAnswer }, summary: 'Ends a run before its time' }
  api.post(`${path}/:id/stop`, { schema: stop, onRequest }, async (request, reply) => {
    const { id } = request.params
    await runs.stop(id)
    return reply.header('cache-control', 'no-store').send(await runs.read(id))
  })

  const mode = {
    params,
    body: storyModeSchema,
    answers: { 204: empty },
    summary: 'Changes how the polled server of the story answers',
  }
  api.post(`${path}/:id/mode`, { schema: mode, onRequest }, async (request, reply) => {
    await runs.setMode(request.params.id, request.body.mode)
    return reply.code(204).header('cache-control', 'no-store').send()
  })

  const browser = {
    params,
    body: browserReportSchema,
    answers: { 204: empty },
    summary: 'Adds what a page has counted on its own lanes',
  }
  api.put(`${path}/:id/browser`, { schema: browser, onRequest }, async (request, reply) => {
    const { id } = await runs.read(request.params.id)
    await keepBrowser(prisma, id, request.body)
    return reply.code(204).header('cache-control', 'no-store').send()
  })
}

/** LAB2: a run takes the machine, and starts processes on it. */
function mayRun(request: FastifyRequest, env: Env): boolean {
  return env.DEMO && isFromLoopback(request)
}
