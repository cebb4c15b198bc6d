import { wireAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { signedIn } from './signed-in.ts'

/** `GET /api/wire`: the server's own counts for this session's latest exchanges, newest first. */
export const wireRoutes: Routes = (api, { sessions, exchanges }) => {
  const schema = {
    answers: { 200: wireAnswer },
    summary: 'Bytes on the socket and database queries of this session’s latest exchanges',
  }
  api.get('/api/wire', { schema }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    return reply.header('cache-control', 'no-store').send({ exchanges: exchanges.of(session.id) })
  })
}
