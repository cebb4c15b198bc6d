import { browserStorage, openBroadcast } from './browser-features.ts'
import { browserClock } from './clock.ts'
import { createViewerWatch, fetchAsViewer } from './viewer-watch.ts'

const name = 'wireside-viewer'

/** Whose page this is, and who is signed in now. */
export const pageViewer = createViewerWatch({
  fetch: (url, init) => window.fetch(url, init),
  clock: browserClock,
  browser: {
    get document() {
      return document
    },
    get window() {
      return window
    },
  },
  openChannel(onMessage) {
    const listening = new AbortController()
    // Without broadcast channels, a write to the shared storage fires an event in the other tabs.
    window.addEventListener('storage', ({ key }) => key === name && onMessage(), { signal: listening.signal })
    const channel = openBroadcast(name)
    channel?.addEventListener('message', onMessage)
    return {
      post() {
        if (channel) channel.postMessage('changed')
        else browserStorage.trySetItem(name, String(Date.now()))
      },
      close() {
        listening.abort()
        channel?.close()
      },
    }
  },
})

/** The `fetch` that every page uses for everything under `/api` except signing in. */
export const pageFetch = fetchAsViewer(pageViewer, (url, init) => window.fetch(url, init))
