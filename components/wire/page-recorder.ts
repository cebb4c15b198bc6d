import { pageFetch } from '#components/live/page-viewer.ts'
import { createRecorder } from './recorder.ts'

/** The recorder of this page, kept across client-side navigation. */
export const pageRecorder = createRecorder({
  fetch: pageFetch,
  now: () => Date.now(),
  ticks: () => performance.now(),
})

/** Collects the browser's Resource Timing entries until `signal` aborts. */
export function watchTimings(signal: AbortSignal) {
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntriesByType('resource')) {
      pageRecorder.addTiming(entry as PerformanceResourceTiming)
    }
  })
  observer.observe({ type: 'resource' })
  signal.addEventListener('abort', () => observer.disconnect())
}
