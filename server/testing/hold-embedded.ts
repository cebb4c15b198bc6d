import { startEmbedded } from '#server/database/embedded.ts'

/** A process that runs an embedded Postgres until it is killed: `node hold-embedded.ts <state folder>`. */
const { url } = await startEmbedded({ stateDir: process.argv[2] ?? '', label: 'http://localhost:1' })
console.log(url)
