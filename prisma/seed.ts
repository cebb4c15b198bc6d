import { hashPassword } from 'better-auth/crypto'
import { Client } from 'pg'
import { type DemoPerson, demoPassword, demoPeople } from '#server/accounts/demo-people.ts'

/** Adds the demo people that the database lacks, with their password; leaves those it has as they are. */
export async function seedDemo(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl, application_name: 'wireside seed' })
  await client.connect()
  try {
    const { rows } = await client.query<{ email: string }>('SELECT email FROM "user" WHERE email = ANY($1)', [
      demoPeople.map((person) => person.email),
    ])
    const there = new Set(rows.map((row) => row.email))
    for (const person of demoPeople) if (!there.has(person.email)) await add(person, client)
  } finally {
    await client.end()
  }
}

/** One statement: a person without a password could never sign in. A second process that adds the same does nothing. */
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
