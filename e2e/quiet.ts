import type { Page } from '@playwright/test'

export type Quiet = {
  /** Records what this page throws or logs as an error, from now on. */
  listen(page: Page): Page
  /** Allows matching errors: a cut connection, a refused request and a 404 make the browser log one. */
  expect(pattern: RegExp): void
  /** The unexpected errors recorded. */
  errors(): string[]
}

/** Collects the errors of one test's pages. */
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
