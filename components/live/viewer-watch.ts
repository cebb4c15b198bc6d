import type { Viewer } from '#server/protocol/people.ts'
import { subscribe } from './listeners.ts'
import { type Fetch, readProblem, type Wire } from './request.ts'

export type PageViewer = Pick<Viewer, 'id' | 'name'>

/** Who is signed in in this browser, to a page: `own` is the user it was made for, or nobody where it was for nobody. */
export type SignedIn = { type: 'own' } | { type: 'nobody' } | { type: 'other'; name: string | undefined }

export type ViewerView = {
  /** Whom the page was made for; null: a visitor; undefined: not known, as while the database is away. */
  page: PageViewer | null | undefined
  signedIn: SignedIn
}

export type ViewerWatch = {
  /** The page, or a part of it that came later, was made for this user; null: for a visitor. */
  renderedFor(viewer: PageViewer | null): void
  view(): ViewerView
  watch(changed: () => void): () => void
  /** Tells when the user of the page is signed in again after the session had ended: what ended with it may go on. */
  onReturn(listener: () => void): () => void
  /** This page has signed somebody in or out: the other tabs look. */
  changed(): void
  /** An answer, or a live connection, said that the session has ended. */
  sessionEnded(): void
  /** An answer said that somebody else is signed in. */
  replaced(): void
  /** Looks whenever the tab is seen, comes back from the back/forward cache, or another tab has signed in or out. */
  start(): () => void
}

/** `fetch` is the browser's, past the page's own, which says whose page asks. */
type Options = Wire & {
  browser: { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }
  openChannel(onMessage: () => void): { post(): void; close(): void }
}

/** A session that seems to end and to be back, again and again, is returned to no more often than that. */
const shortestReturnMs = 1_000

const never = new AbortController().signal

export const firstViewerView: ViewerView = { page: undefined, signedIn: { type: 'own' } }

/** Compares who is signed in with the user a page was made for. The cookie is shared by all tabs, a page is not. */
export function createViewerWatch({ fetch, clock, browser, openChannel }: Options): ViewerWatch {
  const watchers = new Set<() => void>()
  const returns = new Set<() => void>()
  let view = firstViewerView
  let channel: ReturnType<Options['openChannel']> | undefined
  let looking = false
  let lookAgain = false
  let ended = false
  let isMixed = false
  let returnedAtMs = Number.NEGATIVE_INFINITY

  /** One look at a time; one that is asked for meanwhile follows, for the answer under way may be older. */
  async function look() {
    lookAgain = looking
    if (looking) return
    looking = true
    const found = await whoIsSignedIn(fetch)
    looking = false
    if (lookAgain) return look()
    if (found !== undefined) take(found)
  }

  function take(found: PageViewer | null) {
    const { page, signedIn } = view
    if (page === undefined) return
    // What was made in part for somebody else is nobody's page any more.
    const isOwn = found?.id === page?.id && !isMixed
    const wasAway = ended || signedIn.type !== 'own'
    ended = false
    if (!isOwn) return put({ page, signedIn: found ? other(found.name) : { type: 'nobody' } })
    put({ page, signedIn: { type: 'own' } })
    if (wasAway && page) void comeBack()
  }

  async function comeBack() {
    const pauseMs = Math.max(0, returnedAtMs + shortestReturnMs - clock.now())
    returnedAtMs = clock.now() + pauseMs
    if (pauseMs > 0) await clock.sleep(pauseMs, never)
    for (const returned of returns) returned()
  }

  function put(next: ViewerView) {
    view = next
    for (const changed of watchers) changed()
  }

  function seen() {
    if (!browser.document.hidden) void look()
  }

  return {
    renderedFor(viewer) {
      const { page } = view
      // A visitor's page has nobody's name on it, so it becomes theirs whose part comes first.
      if (!page) return put({ page: viewer ?? null, signedIn: { type: 'own' } })
      if (viewer?.id === page.id) return
      if (viewer) {
        isMixed = true
        put({ page, signedIn: other(viewer.name) })
      }
      void look()
    },
    view: () => view,
    watch: (changed) => subscribe(watchers, changed),
    onReturn: (listener) => subscribe(returns, listener),
    changed: () => channel?.post(),
    sessionEnded() {
      ended = true
      void look()
    },
    replaced() {
      if (view.page && view.signedIn.type !== 'other') put({ page: view.page, signedIn: other() })
      void look()
    },
    start() {
      const listening = new AbortController()
      const { signal } = listening
      channel = openChannel(() => void look())
      browser.document.addEventListener('visibilitychange', seen, { signal })
      browser.window.addEventListener('focus', seen, { signal })
      browser.window.addEventListener('pageshow', seen, { signal })
      return () => {
        listening.abort()
        channel?.close()
        channel = undefined
      }
    },
  }
}

/** `fetch` for a page: says whose page it is, and tells `watch` when the answer is that it is not that user's any more. */
export function fetchAsViewer(watch: ViewerWatch, fetch: Fetch): Fetch {
  return async (url, init = {}) => {
    const { page } = watch.view()
    if (!page) return fetch(url, init)
    const headers = new Headers(init.headers)
    headers.set('X-Viewer', page.id)
    const response = await fetch(url, { ...init, headers })
    if (response.status === 401) watch.sessionEnded()
    // Most conflicts are of another kind.
    if (response.status === 409 && (await readProblem(response.clone())).viewer !== undefined)
      watch.replaced()
    return response
  }
}

function other(name?: string): SignedIn {
  return { type: 'other', name }
}

/** Null for nobody; undefined when there is no answer. */
async function whoIsSignedIn(fetch: Fetch): Promise<PageViewer | null | undefined> {
  try {
    const response = await fetch('/api/auth/get-session', { cache: 'no-store' })
    if (!response.ok) return undefined
    const found = (await response.json()) as { user: PageViewer } | null
    return found && { id: found.user.id, name: found.user.name }
  } catch {
    // Without an answer nothing is known, and what was known stands: each request says whose page it is all the same.
    return undefined
  }
}
