/** How long to wait for a page, in ms, before the connection counts as dead. */
const patienceMs = 20_000

/** The statuses with which a proxy responds when the server behind it is unreachable. */
const gatewayStatuses: readonly number[] = [502, 503, 504]

const watchers = new Set<() => void>()
let waiting: string | undefined
/** The path of the last navigation; undefined before the first. */
let target: string | undefined

/**
 * Holds a navigation whose page cannot be loaded: the open page stays, and the navigation continues once the server
 * responds.
 * Next waits by itself (`experimental.useOffline`) when a request fails, but on a proxy's error response, or silence,
 * it would leave for the browser's own error page. Here these count as failures.
 */
export function holdNavigations(page: Pick<Window & typeof globalThis, 'fetch' | 'location'>): void {
  const { fetch } = page
  page.fetch = async (input, init) => {
    if (!isForPage(init)) return fetch.call(page, input, init)
    const path = pathOf(input, page.location.href)
    const isNavigation = init?.method !== 'HEAD' && !new Headers(init?.headers).has('next-router-prefetch')
    try {
      const response = await answered(fetch.call(page, input, init), path)
      if (isNavigation) tell(undefined)
      return response
    } catch (error) {
      // Next keeps trying to load a page that the reader has navigated away from.
      const isAbandoned = target !== undefined && path !== target
      if (isNavigation && !isAbandoned && !init?.signal?.aborted) tell(path)
      throw error
    }
  }
}

/** A navigation to `href` begins: an earlier one is no longer held. */
export function startNavigation(href: string): void {
  target = pathOf(href, window.location.href)
  tell(undefined)
}

/** The path of the page that opens once the server responds. For `useSyncExternalStore`. */
export function heldNavigation(): string | undefined {
  return waiting
}

export function watchHeldNavigation(changed: () => void): () => void {
  watchers.add(changed)
  return () => watchers.delete(changed)
}

/** Next sends this header when it requests a page, or checks whether the server is back. */
function isForPage(init: RequestInit | undefined): boolean {
  return init?.headers !== undefined && new Headers(init.headers).has('rsc')
}

async function answered(asked: Promise<Response>, path: string): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TypeError(`No answer within ${patienceMs} ms: ${path}`)), patienceMs)
  })
  try {
    const response = await Promise.race([asked, silence])
    const ours = response.headers.get('content-type')?.startsWith('text/x-component')
    if (ours || !gatewayStatuses.includes(response.status)) return response
    throw new TypeError(`Only a gateway answered: status ${response.status}`)
  } finally {
    clearTimeout(timer)
  }
}

function pathOf(input: RequestInfo | URL, base: string): string {
  const { pathname } = new URL(input instanceof Request ? input.url : input, base)
  return pathname
}

function tell(path: string | undefined) {
  if (path === waiting) return
  waiting = path
  for (const changed of watchers) changed()
}
