import { hashPassword } from 'better-auth/crypto'
import type { Client } from 'pg'
import { connectClient } from '#server/database/client.ts'
import { type DemoPerson, demoPassword, demoPeople } from '#server/domain/accounts/demo-people.ts'
import { demoPosts } from './demo-posts.ts'
import { seedLoans } from './seed-loans.ts'
import { seedRooms } from './seed-rooms.ts'

/**
 * Adds missing demo people with their password, and leaves existing ones as they are; fills an empty feed, and adds
 * missing rooms and loans.
 */
export async function seedDemo(databaseUrl: string): Promise<void> {
  const client = await connectClient(databaseUrl, 'wireside seed')
  try {
    const { rows } = await client.query<{ email: string }>('SELECT email FROM "user" WHERE email = ANY($1)', [
      demoPeople.map((person) => person.email),
    ])
    const there = new Set(rows.map((row) => row.email))
    for (const person of demoPeople) if (!there.has(person.email)) await add(person, client)
    await fillFeed(client)
    await seedRooms(client)
    await seedLoans(client)
  } finally {
    await client.end()
  }
}

/** One statement, because a person without a password could never sign in. A concurrent second run does nothing. */
async function add({ id, name, email, role }: DemoPerson, client: Client) {
  await client.query(
    `WITH person AS (
       INSERT INTO "user" (id, name, email, "emailVerified", role) VALUES ($1, $2, $3, true, $4)
       ON CONFLICT DO NOTHING RETURNING id
     )
     INSERT INTO account (id, "accountId", "providerId", "userId", password)
     SELECT $1, id, 'credential', id, $5 FROM person`,
    [id, name, email, role, await hashPassword(demoPassword)],
  )
}

/** Under a table lock: a second process that starts at the same moment finds the feed filled. */
async function fillFeed(client: Client) {
  await client.query('BEGIN')
  await client.query('LOCK TABLE post IN EXCLUSIVE MODE')
  const { rowCount } = await client.query('SELECT FROM post LIMIT 1')
  if (rowCount === 0) for (const post of demoPosts) await addPost(post, client)
  await client.query('COMMIT')
}

async function addPost(
  { author, hoursAgo, body, likedBy, comments }: (typeof demoPosts)[number],
  client: Client,
) {
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO post ("authorId", body, "createdAt", likes, "commentCount")
     VALUES ($1, $2, now() - make_interval(hours => $3), $4, $5) RETURNING id`,
    [author, body, hoursAgo, likedBy.length, comments.length],
  )
  const id = rows[0]?.id
  await client.query('INSERT INTO post_like ("postId", "userId") SELECT $1, unnest($2::text[])', [
    id,
    likedBy,
  ])
  for (const [nth, comment] of comments.entries()) {
    await client.query(
      `INSERT INTO comment ("postId", "authorId", body, "createdAt")
       VALUES ($1, $2, $3, now() - make_interval(hours => $4, mins => $5))`,
      [id, comment.author, comment.body, hoursAgo - 1, -nth],
    )
  }
}
