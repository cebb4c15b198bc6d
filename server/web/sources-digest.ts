import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const folders = ['app', 'components', 'server', 'prisma']
const files = [
  'instrumentation-client.ts',
  'next.config.mjs',
  'postcss.config.mjs',
  'tsconfig.json',
  'package-lock.json',
]

/**
 * A digest of all that the pages are built from, below `root`.
 *
 * Of contents, not of times: a checkout gives every file a new time, and a copied one an old time.
 */
export async function sourcesDigest(root: string): Promise<string> {
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

/** What no page imports (a test of the boundaries sees to it), so that work on it costs no build. */
const beyondPages =
  /^(server\/(main\.ts|(http|deliver|jobs|web|testing|bench|lab)\/)|prisma\/(generated|migrations)\/)/
