import { z } from 'zod'
import { findPeople } from '#server/feed/people.ts'
import { peopleAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { signedIn } from './signed-in.ts'

/** `GET /api/people?handle=<prefix>`: whom a mention may mean. */
export const peopleRoutes: Routes = (api, { sessions, database }) => {
  const schema = {
    querystring: z.object({
      handle: z.string().regex(/^[a-z0-9-]{0,30}$/i, 'Not the beginning of a handle'),
    }),
    answers: { 200: peopleAnswer },
    summary: 'People whose handle begins so, eight at most',
  }
  api.get('/api/people', { schema }, async (request, reply) => {
    await signedIn(sessions, request)
    const people = await findPeople(database.prisma, request.query.handle)
    return reply.header('cache-control', 'private, no-cache').send(people)
  })
}
