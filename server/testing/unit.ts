import { spawnSync } from 'node:child_process'

const everywhere = ['server', 'components', 'app', 'prisma'].map((folder) => `${folder}/**/*.test.ts`)

/** `npm run test:unit [-- <file or flag> …]`: all unit and integration tests, or those files, on one Postgres. */
const given = process.argv.slice(2)
const files = given.filter((arg) => !arg.startsWith('-'))
const flags = given.filter((arg) => arg.startsWith('-'))
const { status } = spawnSync(
  process.execPath,
  [
    ...['--test', '--test-global-setup=server/testing/global-setup.ts', '--import=./server/leave-at-once.ts'],
    ...flags,
    ...(files.length > 0 ? files : everywhere),
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
