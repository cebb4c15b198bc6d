import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { hasCode } from '#server/database/has-code.ts'

const repository = resolve(import.meta.dirname, '../..')

/** The pages could not be built; the message is Next's output. */
export class BuildFailed extends Error {
  override name = 'BuildFailed'
}

/** Builds the pages unless the last build is from these very sources. Calls `say` before a build begins. */
export async function buildWhenStale(say: (line: string) => void = console.log): Promise<void> {
  const stamp = join(repository, '.next/built-from')
  const digest = await sourcesDigest(repository)
  if (existsSync(join(repository, '.next/BUILD_ID')) && (await readStamp(stamp)) === digest) return
  say('Building the pages, as their sources have changed: about half a minute')
  await nextBuild()
  await writeFile(stamp, digest)
}

async function readStamp(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

async function nextBuild() {
  const cli = createRequire(import.meta.url).resolve('next/dist/bin/next')
  const child = spawn(process.execPath, [cli, 'build'], {
    cwd: repository,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill()
  process.once('exit', kill)
  const said: string[] = []
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => said.push(text))
  }
  const [code, signal] = await once(child, 'close')
  process.off('exit', kill)
  if (code !== 0) throw new BuildFailed(`next build ended with ${code ?? signal}:\n${said.join('')}`)
}

const folders = ['app', 'components', 'server', 'prisma']
const files = [
  'instrumentation-client.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

/**
 * A digest of everything below `root` that the pages are built from.
 *
 * Of contents, not of modification times: a checkout sets new times, and a copy keeps old ones.
 */
async function sourcesDigest(root: string): Promise<string> {
  const listed = await Promise.all(folders.map((folder) => sourcesIn(root, folder)))
  const names = [...files, ...listed.flat()].sort()
  const contents = await Promise.all(names.map((name) => readFile(join(root, name))))
  const digest = createHash('sha256')
  for (const [index, name] of names.entries()) digest.update(`${name}\0`).update(contents[index] ?? '')
  return digest.digest('hex')
}

async function sourcesIn(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => !/\.(test\.tsx?|sql|md)$/.test(name) && !beyondPages.test(name))
}

/** What no page imports (the boundaries test checks it), so that changes there need no build. */
const beyondPages =
  /^(server\/(main\.ts|(http|deliver|jobs|web|testing|bench|lab|cluster|engines)\/)|prisma\/(generated|migrations)\/)/

if (import.meta.main) {
  await buildWhenStale().catch((error) => {
    console.error(error instanceof BuildFailed ? error.message : error)
    process.exitCode = 1
  })
}
