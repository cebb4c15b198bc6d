import { wireAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { signedIn } from './signed-in.ts'

/** `GET /api/wire`: the server's own counts for this session's open sockets and streams, then its latest exchanges, newest first. */
export const wireRoutes: Routes = (api, { sessions, exchanges, streams, sockets }) => {
  const schema = {
    answers: { 200: wireAnswer },
    summary: 'Bytes on the socket and database queries of this session’s latest exchanges',
  }
  api.get('/api/wire', { schema }, async (request, reply) => {
    const session = await signedIn(sessions, request)
    return reply.header('cache-control', 'no-store').send({
      exchanges: [...sockets.of(session.id), ...streams.of(session.id), ...exchanges.of(session.id)],
    })
  })
}
