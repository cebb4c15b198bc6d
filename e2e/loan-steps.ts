import { type APIRequestContext, expect, type Locator, type Page } from '@playwright/test'
import type { WireLoan, WireLoanList } from '../server/protocol/loans.ts'

/** What people do with loans, through the pages. */

type Application = { amount?: string; purpose?: string; term?: string; income?: string }

/** Fills in the form and submits it; afterwards the loan's page is open. Returns the loan's id. */
export async function applyForLoan(page: Page, application: Application = {}): Promise<string> {
  await page.goto('/loans/new')
  await fillApplication(page, application)
  await page.getByRole('button', { name: 'Send application' }).click()
  return loanIdOf(page)
}

export async function fillApplication(
  page: Page,
  { amount = '18,500.00', purpose = 'a heat pump', term = '36', income }: Application,
) {
  await page.getByLabel('Amount').fill(amount)
  await page.getByLabel('Purpose').fill(purpose)
  await page.getByLabel('Term').fill(term)
  if (income) await page.getByLabel('Monthly net income').fill(income)
}

/** The id of the loan whose page is open, or about to be. */
export async function loanIdOf(page: Page): Promise<string> {
  await page.waitForURL(/\/loans\/L-\w+$/)
  return page.url().slice(page.url().lastIndexOf('/') + 1)
}

/** A line of the timeline, by its title. */
export function stage(page: Page, title: string): Locator {
  return page
    .getByRole('list', { name: 'Stages of the loan' })
    .getByRole('listitem')
    .filter({
      has: page.getByRole('heading', { name: title, exact: true }),
    })
}

/** Resolves once the page itself shows the stage as done. */
export async function seeStage(page: Page, title: string) {
  await expect(stage(page, title).locator('time').first()).toBeVisible({ timeout: 20_000 })
}

/** Decides at the desk, in the dialog, with a note. */
export async function decideAtDesk(
  page: Page,
  verb: 'Approve' | 'Decline' | 'Retry',
  purpose: string,
  note?: string,
) {
  await page.goto('/officer')
  await page.getByRole('button', { name: new RegExp(`^${verb} .*${purpose}`) }).click()
  const dialog = page.getByRole('dialog')
  if (note) await dialog.getByLabel('Note to the borrower').fill(note)
  await dialog.getByRole('button', { name: verb, exact: true }).click()
  await expect(dialog).toBeHidden()
}

/** A loan as the server has it, read through the API. */
export async function readLoan(request: APIRequestContext, id: string): Promise<WireLoan> {
  const answer = await request.get(`/api/loans/${id}`)
  expect(answer.status()).toBe(200)
  return answer.json()
}

export async function readLoans(request: APIRequestContext): Promise<WireLoan[]> {
  const { items } = (await (await request.get('/api/loans')).json()) as WireLoanList
  return items
}

/** Makes the tab believe that it is hidden, or visible again; headless browsers never hide one. */
export async function hideTab(page: Page, hidden: boolean) {
  await page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
}

/** Records every poll of a loan that the page makes from now on. */
export function watchPolls(page: Page): { url: string; wait: string | undefined }[] {
  const polls: { url: string; wait: string | undefined }[] = []
  page.on('request', (request) => {
    if (request.method() === 'GET' && /\/api\/loans\/L-/.test(request.url())) {
      polls.push({ url: request.url(), wait: request.headers().prefer })
    }
  })
  return polls
}
