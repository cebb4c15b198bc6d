import { type BrowserContextOptions, test as base, expect, type Page } from '@playwright/test'
import { type Person as Asker, signedInPerson } from '#server/testing/person.ts'
import type { Role } from '../server/protocol/people.ts'
import { paidOutLoanOf } from './paid-out-loan.ts'
import { type Quiet, quietPages } from './quiet.ts'
import { type RunningApp, withRunningApp } from './running-app.ts'

export { expect } from '@playwright/test'

/** A new user with a session and a browser of their own, who can also make API requests. */
export type Person = Asker & { page: Page }

type Fixtures = {
  /** Fails the test when a page throws or logs an unexpected error. */
  quiet: Quiet
  /** A page in a fresh browser context, where nobody is signed in. */
  browserPage: (options?: BrowserContextOptions) => Promise<Page>
  person: (role: Role, options?: BrowserContextOptions) => Promise<Person>
  /** Takes a loan of this person to its payout, through the API; returns its id. */
  paidOutLoan: (borrower: Person) => Promise<string>
}
type WorkerFixtures = {
  /** Settings of the app, added to those of all browser tests. */
  settings: Record<string, string>
  app: RunningApp
}

/** Each worker has its own app and database; `app.line` is the connection to cut. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  settings: [{}, { option: true, scope: 'worker' }],
  app: [async ({ settings }, use) => withRunningApp(settings, use), { scope: 'worker', timeout: 90_000 }],
  baseURL: async ({ app }, use) => use(app.url),

  quiet: [
    async ({ baseURL: _ }, use) => {
      const quiet = quietPages()
      await use(quiet)
      expect(quiet.errors(), 'what pages threw or logged').toEqual([])
    },
    { auto: true },
  ],

  page: async ({ page, quiet }, use) => {
    quiet.listen(page)
    await use(page)
  },

  browserPage: async ({ browser, contextOptions, baseURL, quiet }, use) => {
    const pages: Page[] = []
    await use(async (options) => {
      const context = await browser.newContext({ ...contextOptions, ...(baseURL && { baseURL }), ...options })
      const page = await context.newPage()
      pages.push(page)
      return quiet.listen(page)
    })
    for (const page of pages) await page.context().close()
  },

  person: async ({ app, browserPage }, use) =>
    use(async (role, options) => {
      const asker = await signedInPerson(app, role)
      const page = await browserPage(options)
      await page.context().addCookies(cookiesOf(asker.cookie, app.url))
      return { ...asker, page }
    }),

  paidOutLoan: async ({ app }, use) =>
    use(async (borrower) => paidOutLoanOf(borrower, await signedInPerson(app, 'officer'))),
})

function cookiesOf(header: string, url: string) {
  return header.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url, httpOnly: true, sameSite: 'Lax' as const }
  })
}
