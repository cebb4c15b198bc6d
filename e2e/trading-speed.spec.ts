import type { CDPSession, Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { deskView, openDesk } from './trading-steps.ts'

test.use({ settings: { TICKS_PER_SECOND: '500' } })
test.describe.configure({ mode: 'serial' })

const measuredMs = 5_000

test('At 500 ticks a second the chart keeps its frames, and the main thread is mostly idle', async ({
  person,
}) => {
  const { page } = await person('customer', { viewport: deskView })
  // The frame gaps of an idle page on this machine, under the same load.
  const idle = medianOf((await framesOf(page)).gaps)
  await openDesk(page)
  const session = await page.context().newCDPSession(page)
  // The thread's own time: on a busy machine, waiting for a core is not work.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  const before = await taskSeconds(session)
  const begunMs = performance.now()
  const { gaps, longMs, shifted } = await framesOf(page)
  const share = ((await taskSeconds(session)) - before) / ((performance.now() - begunMs) / 1_000)
  const median = medianOf(gaps)
  const figures = [
    `main thread ${(share * 100).toFixed(1)} %`,
    `${((gaps.length / measuredMs) * 1_000).toFixed(1)} frames/s`,
    `median gap ${median.toFixed(1)} ms (of an empty page ${idle.toFixed(1)} ms)`,
    `long tasks ${longMs.toFixed(0)} ms of ${measuredMs}`,
  ].join(', ')
  test.info().annotations.push({ type: 'measured', description: figures })
  console.log(`  ${figures}`)
  expect(median, figures).toBeLessThan(Math.max(20, 2.5 * idle))
  expect(share, figures).toBeLessThan(0.5)
  expect(shifted, 'what moves while prices change').toEqual([])
})

/** The gaps between frames, the durations of tasks longer than 50 ms, and the layout shifts. */
function framesOf(page: Page): Promise<{ gaps: number[]; longMs: number; shifted: string[] }> {
  return page.evaluate(
    (forMs) =>
      new Promise((resolve) => {
        const gaps: number[] = []
        let longMs = 0
        const shifted: string[] = []
        // The tape moves by design.
        const ofDesk = (node: Node | null) => {
          const element = node instanceof Element ? node : node?.parentElement
          if (!element?.closest('.trading') || element.closest('.trading-tape')) return []
          return [element.outerHTML.slice(0, 200)]
        }
        const observer = new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const { sources } = entry as PerformanceEntry & { sources?: { node: Node | null }[] }
            if (sources) shifted.push(...sources.flatMap(({ node }) => ofDesk(node)))
            else longMs += entry.duration
          }
        })
        observer.observe({ entryTypes: ['longtask', 'layout-shift'] })
        let lastMs = performance.now()
        const endMs = lastMs + forMs
        const frame = (nowMs: number) => {
          gaps.push(nowMs - lastMs)
          lastMs = nowMs
          if (nowMs < endMs) return void requestAnimationFrame(frame)
          observer.disconnect()
          resolve({ gaps: gaps.slice(1), longMs, shifted })
        }
        requestAnimationFrame(frame)
      }),
    measuredMs,
  )
}

function medianOf(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.POSITIVE_INFINITY
}

/** How long the page's main thread has worked so far, in seconds. */
async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0
}
