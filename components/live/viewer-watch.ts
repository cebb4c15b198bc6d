import type { Viewer } from '#server/protocol/people.ts'
import { subscribe } from './listeners.ts'
import { type Fetch, readProblem, type Wire } from './request.ts'

export type PageViewer = Pick<Viewer, 'id' | 'name'>

/**
 * Who is signed in to this browser, relative to a page: `own` is the user it was rendered for, or nobody if it was
 * rendered for a visitor.
 */
export type SignedIn = { type: 'own' } | { type: 'nobody' } | { type: 'other'; name: string | undefined }

export type ViewerView = {
  /** Whom the page was rendered for; null: a visitor; undefined: unknown, as while the database is unavailable. */
  page: PageViewer | null | undefined
  signedIn: SignedIn
}

export type ViewerWatch = {
  /** The page, or a part loaded later, was rendered for this user; null: for a visitor. */
  renderedFor(viewer: PageViewer | null): void
  view(): ViewerView
  watch(changed: () => void): () => void
  /**
   * Calls `listener` when the page's user is signed in again after the session had ended, so that what ended with it
   * can resume.
   */
  onReturn(listener: () => void): () => void
  /** This page signed somebody in or out: the other tabs check. */
  changed(): void
  /** A response, or a live connection, reported that the session has ended. */
  sessionEnded(): void
  /** A response reported that somebody else is signed in. */
  replaced(): void
  /**
   * Checks whenever the tab becomes visible or returns from the back/forward cache, or another tab has signed in or
   * out; returns a function that stops it.
   */
  start(): () => void
}

/** `fetch` is the browser's, not the page's own, which names the page's viewer. */
type Options = Wire & {
  browser: { document: Pick<Document, 'hidden'> & EventTarget; window: EventTarget }
  openChannel(onMessage: () => void): { post(): void; close(): void }
}

/** If a session keeps ending and returning, it is resumed at most this often, in ms. */
const shortestReturnMs = 1_000

const never = new AbortController().signal

export const firstViewerView: ViewerView = { page: undefined, signedIn: { type: 'own' } }

/** Compares who is signed in with the user a page was rendered for: all tabs share the cookie, but not the page. */
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

  /** One check at a time; one requested meanwhile runs afterwards, because the response under way may be outdated. */
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
    // A page that is partly rendered for somebody else belongs to nobody.
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
      // A visitor's page shows no user's name, so it becomes the page of the first user a part is rendered for.
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

/**
 * `fetch` for a page: names the page's viewer, and informs `watch` when a response says that the viewer has changed.
 */
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

/** Null for nobody; undefined without a response. */
async function whoIsSignedIn(fetch: Fetch): Promise<PageViewer | null | undefined> {
  try {
    const response = await fetch('/api/auth/get-session', { cache: 'no-store' })
    if (!response.ok) return undefined
    const found = (await response.json()) as { user: PageViewer } | null
    return found && { id: found.user.id, name: found.user.name }
  } catch {
    // Without a response the last known state stands; each request names the page's viewer anyway.
    return undefined
  }
}
