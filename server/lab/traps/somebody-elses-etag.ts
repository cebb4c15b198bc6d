import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Agent } from './arms/agent.ts'
import { somebodyElsesEtag } from './arms/somebody-elses-etag.ts'
import { throughDoor } from './door.ts'
import type { Trap } from './trap.ts'

/** A page whose content depends on the viewer, while its tag does not. */
export const trap: Trap = {
  run(signal, open) {
    const door = {
      ...{ trap: 'somebody-elses-etag' as const, listener: pages() },
      headless: (at: string, signal: AbortSignal) => somebodyElsesEtag(at, keeperOfTags(), signal),
    }
    return throughDoor(door, signal, open)
  },
}

/** Nothing changes: the page is at its seventh version throughout. */
const version = 'v7'

function pages(): RequestListener {
  const asked: string[] = []
  return (request, response) => {
    const url = new URL(request.url ?? '/', 'http://trap')
    const viewer = /trap-viewer=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? 'nobody'
    if (url.pathname === '/sign-in') {
      const cookie = `trap-viewer=${url.searchParams.get('as') ?? ''}; Max-Age=60; HttpOnly; SameSite=Lax`
      response.setHeader('set-cookie', cookie)
      return void response.end()
    }
    if (url.pathname === '/asked') return void response.end(asked.join('\n'))
    const tag = url.searchParams.get('tag') === 'viewer' ? `"${version}-${viewer}"` : `"${version}"`
    const status = answerPage(request, response, viewer, tag)
    asked.push(
      `If-None-Match ${request.headers['if-none-match'] ?? 'not sent'}, by ${viewer}; response ${status}`,
    )
  }
}

function answerPage(request: IncomingMessage, response: ServerResponse, viewer: string, tag: string) {
  const same = request.headers['if-none-match'] === tag
  const headers = { etag: tag, vary: 'Cookie', 'cache-control': 'private, no-cache' }
  response.writeHead(same ? 304 : 200, headers).end(same ? undefined : `The page of ${viewer}`)
  return same ? 304 : 200
}

/** Stores a body and its tag by URL, and one cookie, as a browser does; Node’s fetch stores neither. */
function keeperOfTags(): Agent {
  const kept = new Map<string, { tag: string; body: string }>()
  let cookie = ''
  return {
    name: 'No browser took part; a program that stores ETags by URL, like a browser,',
    async ask(url, signal) {
      const known = kept.get(url)
      const headers = { cookie, ...(known && { 'if-none-match': known.tag }) }
      const answer = await fetch(url, { headers, signal })
      cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? cookie
      if (answer.status === 304 && known) return known.body
      const body = await answer.text()
      const tag = answer.headers.get('etag')
      if (tag !== null) kept.set(url, { tag, body })
      return body
    },
    listen: () => ({ opened: Promise.reject(new Error('It reads pages')), close: () => undefined }),
  }
}
