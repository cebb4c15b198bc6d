import type { Page } from '@playwright/test'
import { expect, test } from './app.ts'
import { applyForLoan, seeStage, stage } from './loan-steps.ts'

test('Two officers race for one application: one wins, the other is told and sees it leave the desk', async ({
  person,
  quiet,
}) => {
  quiet.expect(/409/)
  const nora = await person('customer')
  const [ines, omar] = [await person('officer'), await person('officer')]
  await applyForLoan(nora.page, { purpose: 'a greenhouse' })
  await seeStage(nora.page, 'Under review')
  for (const [officer, verb] of [
    [ines, 'Approve'],
    [omar, 'Decline'],
  ] as const) {
    await officer.page.goto('/officer')
    await officer.page.getByRole('button', { name: new RegExp(`^${verb} .*a greenhouse`) }).click()
    await expect(officer.page.getByRole('dialog').getByLabel('Note to the borrower')).toBeFocused()
  }
  await ines.page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
  await expect(ines.page.getByRole('dialog')).toBeHidden()

  const late = omar.page.getByRole('dialog')
  await late.getByRole('button', { name: 'Decline' }).click()
  await expect(late.getByText('Already decided.')).toBeVisible()
  await late.getByRole('button', { name: 'Back to loan desk' }).click()
  await expect(omar.page.getByRole('list', { name: 'Under review' }).getByText('a greenhouse')).toHaveCount(0)

  await nora.page.getByRole('button', { name: 'Check now' }).click()
  await seeStage(nora.page, 'Approved')
  await expect(stage(nora.page, 'Declined')).toHaveCount(0)
})

test('A new application comes to the desk by polling, without a reload', async ({ person }) => {
  const nora = await person('customer')
  const ines = await person('officer')
  await ines.page.goto('/officer')
  await expect(ines.page.getByRole('banner').getByText('every 10 s')).toBeVisible()
  await applyForLoan(nora.page, { purpose: 'a telescope' })
  await expect(ines.page.getByRole('list', { name: 'Under review' }).getByText('a telescope')).toBeVisible({
    timeout: 15_000,
  })
})

test('A case that one officer takes is not another’s to decide, until it is released', async ({ person }) => {
  const nora = await person('customer')
  const [ines, omar] = [await person('officer'), await person('officer')]
  await applyForLoan(nora.page, { purpose: 'a kiln' })
  await seeStage(nora.page, 'Under review')
  const row = (page: Page) =>
    page.getByRole('list', { name: 'Under review' }).getByRole('listitem').filter({ hasText: 'a kiln' })
  await ines.page.goto('/officer')
  await omar.page.goto('/officer')
  await row(ines.page).getByRole('button', { name: /^Take/ }).click()
  await expect(row(ines.page).getByText('You have taken this case.')).toBeVisible()
  await expect(row(omar.page).getByText(/has taken this case/)).toBeVisible({ timeout: 15_000 })
  await expect(row(omar.page).getByRole('button', { name: /^Approve/ })).toHaveCount(0)
  await row(omar.page)
    .getByRole('button', { name: /^Release/ })
    .click()
  await expect(row(omar.page).getByRole('button', { name: /^Approve/ })).toBeVisible()
})

test('An officer decides on the loan’s page, with the score and the history before their eyes', async ({
  person,
  paidOutLoan,
}) => {
  const nora = await person('customer')
  const ines = await person('officer')
  await paidOutLoan(nora)
  const id = await applyForLoan(nora.page, { purpose: 'a barn', income: '4,200' })
  await seeStage(nora.page, 'Under review')
  await expect(nora.page.getByRole('region', { name: 'Case' })).toHaveCount(0)

  await ines.page.goto(`/loans/${id}`)
  const assessment = ines.page.getByRole('region', { name: 'Assessment' })
  await expect(assessment.getByText(/^\d+\/100$/)).toBeVisible()
  await expect(assessment.getByText('€4,200.00')).toBeVisible()
  await expect(assessment.getByRole('list', { name: 'Reasons' }).getByText(/% of the income/)).toBeVisible()
  await expect(assessment.getByRole('list', { name: 'Other loans' }).getByRole('listitem')).toHaveCount(1)
  await ines.page.getByRole('button', { name: /^Approve/ }).click()
  await ines.page.getByRole('dialog').getByRole('button', { name: 'Approve', exact: true }).click()
  await seeStage(ines.page, 'Approved')
})

test('An officer’s bell rings for a new application, and leads to it', async ({ person }) => {
  const ines = await person('officer')
  await ines.page.goto('/feed')
  const nora = await person('customer')
  await applyForLoan(nora.page, { purpose: 'a loom' })
  await ines.page.getByRole('button', { name: /^Notifications, [1-9]/ }).click({ timeout: 20_000 })
  await ines.page.getByRole('link', { name: /applied for a loan.*a loom/ }).click()
  await expect(ines.page.getByRole('heading', { level: 1 })).toContainText('a loom')
})

test('An officer finds a loan by its borrower, its id and its status', async ({ person }) => {
  const nora = await person('customer')
  const ines = await person('officer')
  const id = await applyForLoan(nora.page, { purpose: 'a yurt' })
  await seeStage(nora.page, 'Under review')
  await ines.page.goto('/loans')
  const list = ines.page.getByRole('list', { name: 'Loans' })
  await ines.page.getByLabel('Search').fill(id.toLowerCase())
  await expect(list.getByRole('listitem')).toHaveCount(1)
  await expect(list.getByText('a yurt')).toBeVisible()
  await ines.page.getByLabel('Status').selectOption('Declined')
  await expect(ines.page.getByText('No loans match.')).toBeVisible()
  await ines.page.getByLabel('Status').selectOption('Any')
  await ines.page.getByLabel('Search').fill('%')
  await expect(ines.page.getByText('Use letters, digits')).toBeVisible()
})

for (const width of [360, 768, 1280]) {
  test(`Loans and the desk fit into ${width} px, and the account can be reached`, async ({ person }) => {
    const nora = await person('customer')
    const ines = await person('officer', { viewport: { width, height: 900 } })
    await applyForLoan(nora.page, { purpose: 'a conservatory with a view over the whole valley' })
    await seeStage(nora.page, 'Under review')
    for (const path of ['/loans', '/officer']) {
      await ines.page.goto(path)
      await expect(ines.page.getByText('a conservatory').first()).toBeVisible()
      expect(await ines.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
      await ines.page.getByRole('button', { name: /^Account of/ }).click()
      await expect(ines.page.getByRole('menuitem', { name: 'Account', exact: true })).toBeInViewport()
    }
  })
}

test('To a customer there is no desk', async ({ person, quiet }) => {
  quiet.expect(/404/)
  const nora = await person('customer')
  expect((await nora.page.goto('/officer'))?.status()).toBe(404)
})
