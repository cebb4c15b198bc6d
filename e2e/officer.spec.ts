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

test('To a customer there is no desk', async ({ person, quiet }) => {
  quiet.expect(/404/)
  const nora = await person('customer')
  expect((await nora.page.goto('/officer'))?.status()).toBe(404)
})
