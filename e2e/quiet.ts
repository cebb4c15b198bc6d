import type { Page } from '@playwright/test'

export type Quiet = {
  /** Hears what this page throws or logs as an error, from now on. */
  listen(page: Page): Page
  /** Lets errors pass that match: a cut line, a refused request and a 404 make the browser log one. */
  expect(pattern: RegExp): void
  /** What was heard and not expected. */
  errors(): string[]
}

/** Listens to the pages of one test. */
export function quietPages(): Quiet {
  const heard: string[] = []
  const expected: RegExp[] = []
  return {
    listen(page) {
      page.on('pageerror', (error) => heard.push(String(error)))
      page.on('console', (message) => {
        if (message.type() === 'error') heard.push(`${message.text()} (${message.location().url})`)
      })
      return page
    },
    expect: (pattern) => void expected.push(pattern),
    errors: () => heard.filter((text) => !expected.some((pattern) => pattern.test(text))),
  }
}
