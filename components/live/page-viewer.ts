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
    // Without channels, a write to the storage that all tabs share fires an event in the others.
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

/** The `fetch` of every page for everything under `/api` but signing in. */
export const pageFetch = fetchAsViewer(pageViewer, (url, init) => window.fetch(url, init))
