import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'

/**
 * What axe finds on the page, or in what `selector` matches, one line per element. Transitions are disabled: a button
 * fading from disabled to enabled, as many do after hydration, has the contrast of neither state.
 */
export async function axeViolations(page: Page, selector?: string): Promise<string[]> {
  await page.addStyleTag({ content: '*, *::before, *::after { transition: none !important }' })
  const builder = new AxeBuilder({ page })
  const { violations } = await (selector ? builder.include(selector) : builder).analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

/** Whether the page scrolls horizontally. */
export function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
}
