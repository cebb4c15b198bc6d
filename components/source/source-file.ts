import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type CodeLine, highlight } from './highlight.ts'
import type { SourceEntry } from './source-list.ts'

/** A file as the source tab shows it; `cited` are the first and last line of the relevant part, counted from 1. */
export type SourceFile = { path: string; text: string; lines: CodeLine[]; cited?: readonly [number, number] }

const read = new Map<string, { changedMs: number; file: Promise<SourceFile> }>()

/**
 * Reads and highlights a file of this repository, once per version; undefined if it does not exist.
 * The server runs from its sources, in production too, so what is shown is what runs.
 */
export async function sourceFile(entry: SourceEntry): Promise<SourceFile | undefined> {
  const changedMs = await lastChangeMs(entry.path)
  if (changedMs === undefined) return undefined
  // Two entries may cite different lines of the same file.
  const key = `${entry.path} ${entry.cite}`
  const known = read.get(key)
  if (known?.changedMs === changedMs) return known.file
  const file = load(entry)
  read.set(key, { changedMs, file })
  return file
}

/** The text of a file of this repository; empty if it does not exist. */
export async function sourceText(path: string): Promise<string> {
  return (await lastChangeMs(path)) === undefined ? '' : readFile(inRepository(path), 'utf8')
}

async function load({ path, cite }: SourceEntry): Promise<SourceFile> {
  const text = (await readFile(inRepository(path), 'utf8')).trimEnd()
  return { path, text, lines: await highlight(text), cited: cite && citedLines(text, cite) }
}

function citedLines(text: string, cite: RegExp): readonly [number, number] | undefined {
  const found = cite.exec(text)
  if (!found) return undefined
  const first = text.slice(0, found.index).split('\n').length
  return [first, first + found[0].split('\n').length - 1]
}

async function lastChangeMs(path: string): Promise<number | undefined> {
  try {
    return (await stat(inRepository(path))).mtimeMs
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function inRepository(path: string): string {
  // Without this comment the bundler would trace the whole repository as part of the page.
  return join(/*turbopackIgnore: true*/ process.cwd(), path)
}
