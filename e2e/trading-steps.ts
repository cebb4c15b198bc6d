import { expect, type Locator, type Page } from '@playwright/test'
import type { WireAccount, WireInstrument, WireOrder } from '#server/protocol/trading.ts'
import type { Person } from './app.ts'
import { expectLive } from './bell-steps.ts'

/** What people do at the trading desk, through its page; and the same through the API. */

export const deskView = { width: 1440, height: 900 }

/** Opens the desk and waits until its socket is connected. */
export async function openDesk(page: Page, query = '') {
  await page.goto(`/trading${query}`)
  await expectLive(page.getByRole('banner'))
  await expect(submitButton(page)).toBeEnabled()
}

export function ticket(page: Page): Locator {
  return page.getByRole('form', { name: 'Order' })
}

/** The submit button: `Buy 40 NRDX at 84.30`. */
export function submitButton(page: Page): Locator {
  return ticket(page).getByRole('button', { name: /^(Buy|Sell) / })
}

type Writing = { side?: 'Buy' | 'Sell'; quantity: number | string; limit?: string }

/** Fills in an order on the ticket; without a limit, at market. */
export async function writeOrder(page: Page, { side = 'Buy', quantity, limit }: Writing) {
  const form = ticket(page)
  await form.getByRole('radio', { name: side }).check()
  await form.getByLabel('Type').selectOption(limit === undefined ? 'market' : 'limit')
  await form.getByLabel('Quantity').fill(String(quantity))
  if (limit !== undefined) await form.getByLabel('Limit price').fill(limit)
}

/** The instruments of the watchlist; `selected` narrows them to the selected one. */
export function instruments(page: Page, options: { selected?: boolean } = {}): Locator {
  return page.getByRole('listbox', { name: 'Instruments' }).getByRole('option', options)
}

/** The rows of the list of orders, newest first. */
export function orderRows(page: Page): Locator {
  return page.getByRole('table', { name: 'Orders' }).locator('tbody').getByRole('row')
}

export function positionRow(page: Page, symbol: string): Locator {
  return page.getByRole('table', { name: 'Positions' }).getByRole('row').filter({ hasText: symbol })
}

/** The cash in the ticket's head, in minor units. */
export async function cashOn(page: Page): Promise<number> {
  const text = await page
    .getByRole('region', { name: 'Order ticket' })
    .getByText(/^cash €/)
    .textContent()
  return Number(text?.replace(/\D/g, ''))
}

export async function accountOf(person: Person): Promise<WireAccount> {
  return (await (await person.get('/api/account')).json()) as WireAccount
}

export async function ordersOf(person: Person): Promise<WireOrder[]> {
  return ((await (await person.get('/api/orders')).json()) as { items: WireOrder[] }).items
}

/** A limit so far from the price that the order rests. */
export async function restingLimit(person: Person, symbol: string): Promise<string> {
  const instruments = (await (await person.get('/api/instruments')).json()) as WireInstrument[]
  const found = instruments.find((one) => one.symbol === symbol)
  if (!found) throw new Error(`${symbol} is not traded`)
  return (Math.round(found.bidMinor * 0.9) / 100).toFixed(2)
}

/** The trades on the tape, as `time price size`. */
export async function tapeOf(page: Page): Promise<string[]> {
  const rows = page.getByRole('list', { name: /^Latest trades/ }).getByRole('listitem')
  return (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' '))
}
