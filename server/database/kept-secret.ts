import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { hasCode } from './has-code.ts'

/**
 * The secret stored in `file`: generated on first use (43 base64url characters, mode 0600), then always the same.
 *
 * Two processes that generate it at once get the same one.
 */
export async function keptSecret(file: string): Promise<string> {
  const kept = await readSecret(file)
  if (kept) return kept
  await mkdir(dirname(file), { recursive: true })
  const fresh = `${file}.${randomUUID()}`
  await writeFile(fresh, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flush: true })
  try {
    // A link is atomic and never replaces a file: the slower of two processes uses the faster one's secret.
    await link(fresh, file)
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
  } finally {
    await rm(fresh)
  }
  return keptSecret(file)
}

async function readSecret(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim()
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
