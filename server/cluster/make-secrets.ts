/**
 * Creates the secrets that the containers of compose.yaml share, on first use, and keeps them in their volumes: the
 * session secret, the passwords of Postgres and Redis, and a certificate for localhost. Each file is readable only
 * where its volume is mounted.
 */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keptSecret } from '#server/database/kept-secret.ts'
import { keptCertificate } from './certificate.ts'

const [secretsDir = '', certificateDir = '', redisDir = ''] = process.argv.slice(2)

const kept = (name: string) => keptSecret(join(secretsDir, name))
const [secret, postgres, redis] = await Promise.all(
  ['auth-secret', 'postgres-password', 'redis-password'].map(kept),
)
await write(join(redisDir, 'redis.conf'), `requirepass ${redis}\nsave ""\nappendonly no\n`)
await write(
  join(secretsDir, 'node.env'),
  `AUTH_SECRET=${secret}
DATABASE_URL=postgres://wireside:${postgres}@database:5432/wireside
REDIS_URL=redis://:${redis}@redis:6379
`,
)
// The container's Postgres reads it as its own user.
await chmod(join(secretsDir, 'postgres-password'), 0o644)
const certificate = await keptCertificate(certificateDir)
if (!certificate) throw new Error('There is no openssl in this image')
await chmod(certificate.pemFile, 0o644)

async function write(file: string, text: string) {
  await writeFile(file, text, { mode: 0o644 })
}
