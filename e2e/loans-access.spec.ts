import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { axeViolations } from './axe.ts'
import { applyForLoan, loanIdOf, seeStage } from './loan-steps.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`The list, the form and a loan are free of what axe can find, ${colorScheme}`, async ({ person }) => {
    const { page } = await person('customer', { colorScheme })
    await page.goto('/loans')
    expect(await axeViolations(page)).toEqual([])
    await page.goto('/loans/new')
    await page.getByRole('button', { name: 'Send application' }).click()
    await expect(page.getByText('Enter a purpose')).toBeVisible()
    expect(await axeViolations(page)).toEqual([])
    await applyForLoan(page)
    await seeStage(page, 'Under review')
    expect(await axeViolations(page)).toEqual([])
  })

  test(`Both tabs of the drawer are free of what axe can find, ${colorScheme}`, async ({ person }) => {
    const { page } = await person('customer', { colorScheme })
    await applyForLoan(page)
    await seeStage(page, 'Under review')
    await page.keyboard.press('w')
    await page.getByRole('row', { name: /200/ }).first().getByRole('button').click()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('tab', { name: 'Source' }).click()
    expect(await axeViolations(page)).toEqual([])
  })

  test(`The desk and a payment are free of what axe can find, ${colorScheme}`, async ({
    person,
    paidOutLoan,
  }) => {
    const nora = await person('customer', { colorScheme })
    const ines = await person('officer', { colorScheme })
    await applyForLoan(nora.page, { purpose: 'a lamp' })
    await seeStage(nora.page, 'Under review')
    await ines.page.goto('/officer')
    await ines.page
      .getByRole('button', { name: /^Approve .*a lamp/ })
      .first()
      .click()
    expect(await axeViolations(ines.page)).toEqual([])
    await nora.page.goto(`/loans/${await paidOutLoan(nora)}`)
    await nora.page.getByRole('button', { name: 'Pay now' }).click()
    expect(await axeViolations(nora.page)).toEqual([])
  })
}

test('A loan is applied for, watched and switched by keyboard alone', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/loans')
  await tabTo(page, 'Apply for a loan')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/loans\/new$/)
  await tabTo(page, 'Amount')
  await page.keyboard.type('1200')
  await tabTo(page, 'Purpose')
  await page.keyboard.type('a workbench')
  await page.keyboard.press('Enter')
  await loanIdOf(page)
  await seeStage(page, 'Under review')
  await tabTo(page, 'Short')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('radio', { name: 'Long' })).toBeChecked()
  await expect(page.getByText('Held open for')).toBeVisible()
  await tabTo(page, 'Open the wire drawer')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Wire')
  await page.keyboard.press('ArrowRight')
  await expect(page.getByRole('tab', { name: 'Source' })).toHaveAttribute('aria-selected', 'true')
})

test('Without motion nothing moves but the countdown', async ({ person }) => {
  const { page } = await person('customer', { reducedMotion: 'reduce' })
  await applyForLoan(page)
  await seeStage(page, 'Under review')
  const timer = page.getByRole('timer')
  const first = await timer.textContent()
  await expect(timer).not.toHaveText(first ?? '')
  expect(await page.evaluate(() => document.getAnimations().length)).toBe(0)
})

/** Presses Tab until the element called `name` has the focus; gives up after 60 presses. */
async function tabTo(page: Page, name: string) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      const label = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : undefined
      return element?.getAttribute('aria-label') ?? label ?? element?.textContent ?? ''
    })
    if (focused.startsWith(name)) return
  }
  throw new Error(`Tab never reached "${name}"`)
}
