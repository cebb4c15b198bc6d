import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { freePort } from '#server/database/ports.ts'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import type { Trap } from './trap.ts'

/** A custom server writes to a board in a module; a page that imports the same file reads it. */
export const trap: Trap = {
  async run() {
    const { server, page, live, how } = (await withBuiltPages()) ?? (await withTwoImports())
    return {
      trap: 'module-copies',
      failing: {
        title: 'The page reads the module the server wrote to',
        fell: page.news.length === 0,
        seen: [
          how,
          `The server wrote to copy ${server.copy} of the module; the page read copy ${page.copy}${page.sameProcess ? ', in the same process' : ''}.`,
          `Events in the server’s copy: ${server.news.length}. In the page’s copy: ${page.news.length}.`,
        ],
      },
      working: {
        title: 'The server handles live requests itself',
        fell: live.news.length === 0,
        seen: [
          `Live requests reach the server before Next sees them: copy ${live.copy}, ${live.news.length} events.`,
          'Pages share the database with the server, but no memory.',
        ],
      },
    }
  },
}

const readSchema = z.object({ copy: z.string(), news: z.array(z.string()), sameProcess: z.boolean() })
type Read = z.infer<typeof readSchema>
type Shown = { server: Read; page: Read; live: Read; how: string }

const buildId = resolve(import.meta.dirname, '../../../.next/BUILD_ID')

/** Undefined when the pages are not built, or were built before this page existed. */
async function withBuiltPages(): Promise<Shown | undefined> {
  if (!existsSync(buildId)) return undefined
  const port = await freePort()
  const child = await launchChild({
    file: 'server/lab/traps/custom-server.ts',
    args: [String(port)],
    readyText: 'custom server listens',
  })
  try {
    const read = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`)
      return answer.ok ? readSchema.parse(await answer.json()) : undefined
    }
    const [live, page] = [await read('/live'), await read('/lab/traps/module-copies')]
    if (!live || !page) return undefined
    return { server: live, page, live, how: 'The built pages of this app ran under a custom server.' }
  } finally {
    await endChild(child, 'SIGKILL')
  }
}

/** The same in plain Node: a module is evaluated once per URL it is imported by, as each bundle has its own copy. */
async function withTwoImports(): Promise<Shown> {
  const file = new URL('./arms/news-board.ts', import.meta.url).href
  const { board: ofServer } = await import(`${file}?for=server`)
  const { board: ofPage } = await import(`${file}?for=page`)
  ofServer.news.push('The price has changed')
  const server = { ...ofServer, sameProcess: true }
  const how = 'The pages aren’t built here, so this shows one file imported under two URLs.'
  return { server, page: { ...ofPage, sameProcess: true }, live: server, how }
}
