import { z } from 'zod'
import { findPeople } from '#server/domain/feed/people.ts'
import { peopleAnswer } from './answers.ts'
import type { Routes } from './api.ts'
import { signedIn } from './signed-in.ts'

/** `GET /api/people?handle=<prefix>`: whom a mention or an invitation may mean, by the beginning of their handle or of a word of their name. */
export const peopleRoutes: Routes = (api, { sessions, database }) => {
  const schema = {
    querystring: z.object({
      handle: z.string().regex(/^[\p{L}\p{M}\p{N} .'’-]{0,40}$/u, 'Not the beginning of a name or handle'),
    }),
    answers: { 200: peopleAnswer },
    summary: 'People whose handle or name begins so, eight at most',
  }
  api.get('/api/people', { schema }, async (request, reply) => {
    await signedIn(sessions, request)
    const people = await findPeople(database.prisma, request.query.handle)
    return reply.header('cache-control', 'private, no-cache').send(people)
  })
}
