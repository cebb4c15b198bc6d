import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { roomOf, sayMany } from './chat-steps.ts'
import { postBy } from './feed-steps.ts'

/** KB over the wire (gzipped, 1,000 bytes) of a page's initial scripts, and the number of requests until it is idle. */
type Budget = { scriptKb: number; requests: number }

const shellBudget = { scriptKb: 200, requests: 32 }
const fontsKb = 60
const layoutShift = 0.02

test('A cold load keeps to its budget of script, fonts and requests, and nothing moves', async ({
  person,
  browserPage,
  paidOutLoan,
}) => {
  // Eight pages, each in a browser with an empty cache.
  test.slow()
  const reader = await person('customer')
  const loan = await paidOutLoan(reader)
  const room = await roomOf(reader, 'Weighing')
  await sayMany(reader, room, 20)
  await postBy(reader, 'How much does this weigh?')
  const budgets: Record<string, Budget> = {
    '/': shellBudget,
    '/loans': { ...shellBudget, scriptKb: 202 },
    [`/loans/${loan}`]: { ...shellBudget, scriptKb: 208 },
    '/feed': { ...shellBudget, scriptKb: 212 },
    [`/chat/${room}`]: { ...shellBudget, scriptKb: 230 },
    '/trading': { ...shellBudget, scriptKb: 250 },
    '/guide': { ...shellBudget, scriptKb: 210 },
    '/problems': shellBudget,
  }
  const cookies = await reader.page.context().cookies()
  const sizes = [
    { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  ] as const
  for (const [index, [path, budget]] of Object.entries(budgets).entries()) {
    const page = await browserPage(sizes[index % 2])
    await page.context().addCookies(cookies)
    const { scripts, fonts, requests, shift } = await weighed(page, path)
    const name = path.replace(/(?<=\w\/).+/, '…')
    const figures = `${name}: ${scripts.toFixed(1)} KB of script, ${fonts.toFixed(1)} of fonts, ${requests} requests, shift ${shift.toFixed(3)}`
    console.log(`  ${figures}`)
    expect.soft(scripts, figures).toBeLessThanOrEqual(budget.scriptKb)
    expect.soft(fonts, figures).toBeLessThanOrEqual(fontsKb)
    expect.soft(requests, figures).toBeLessThanOrEqual(budget.requests)
    expect.soft(shift, figures).toBeLessThanOrEqual(layoutShift)
    await page.context().close()
  }
})

/** Opens the page, waits until it is rendered and idle, and returns what it loaded until then. */
async function weighed(page: Page, path: string) {
  let requests = 0
  page.on('request', () => {
    requests += 1
  })
  await page.addInitScript(watchShifts)
  // The document names the initial scripts; parts loaded after hydration are not in it.
  const named = (await (await page.goto(path))?.text())?.match(/static\/chunks\/[\w.~-]+\.js/g)
  await expect(page.locator('h1').first()).toBeAttached()
  const shift = await page.evaluate(restful)
  const bodies = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .map(({ name, encodedBodySize }) => ({ name, bytes: encodedBodySize })),
  )
  const kb = (matching: (url: string) => boolean) =>
    bodies.filter(({ name }) => matching(name)).reduce((sum, { bytes }) => sum + bytes, 0) / 1_000
  const scripts = kb((url) => named?.some((file) => url.endsWith(file)) ?? false)
  expect(scripts, 'scripts that were weighed').toBeGreaterThan(100)
  return { scripts, fonts: kb((url) => url.endsWith('.woff2')), requests, shift }
}

/** Adds up the layout shifts that no user input caused. */
function watchShifts() {
  const shifts = { sum: 0 }
  Object.assign(window, { shifts })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
      if (!hadRecentInput) shifts.sum += value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/** Waits until fonts are loaded and 60 frames in a row were fast; returns the sum of layout shifts. */
async function restful(): Promise<number> {
  await document.fonts.ready
  let quick = 0
  let lastMs = performance.now()
  while (quick < 60) {
    await new Promise(requestAnimationFrame)
    const nowMs = performance.now()
    quick = nowMs - lastMs < 50 ? quick + 1 : 0
    lastMs = nowMs
  }
  const { shifts } = window as unknown as { shifts: { sum: number } }
  return shifts.sum
}
