import { readFile, writeFile } from 'node:fs/promises'

export const figuresFile = `${import.meta.dirname}/FIGURES.md`

/** A part of FIGURES.md: everything from its heading to the next one of the same level. */
type Section = { title: string; body: string }

/** Puts a section in the place of the one of the same title, or at the end; the others stay as they are. */
export function withSection(document: string, { title, body }: Section): string {
  const parts = document.trimEnd().split(/\n(?=## )/)
  const section = `## ${title}\n\n${body.trim()}\n`
  const at = parts.findIndex((part) => part.startsWith(`## ${title}\n`))
  return `${(at < 0 ? [...parts, section] : parts.with(at, section)).map((part) => part.trimEnd()).join('\n\n')}\n`
}

export async function writeSection(section: Section, file = figuresFile): Promise<void> {
  await writeFile(file, withSection(await readFile(file, 'utf8'), section))
}
