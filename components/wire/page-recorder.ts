import { pageFetch } from '#components/live/page-viewer.ts'
import { createRecorder } from './recorder.ts'

/** The one recorder of this browser page: it lives on while the reader goes from page to page without a reload. */
export const pageRecorder = createRecorder({
  fetch: pageFetch,
  now: () => Date.now(),
  ticks: () => performance.now(),
})

/** Listens to the browser's own account of each request, until `signal` aborts. */
export function watchTimings(signal: AbortSignal) {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByType('resource')) {
      pageRecorder.addTiming(entry as PerformanceResourceTiming)
    }
  })
  observer.observe({ type: 'resource' })
  signal.addEventListener('abort', () => observer.disconnect())
}
