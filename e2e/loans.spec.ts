import { expect, test } from './app.ts'
import {
  applyForLoan,
  decideAtDesk,
  fillApplication,
  loanIdOf,
  readLoan,
  readLoans,
  seeStage,
  stage,
} from './loan-steps.ts'

test('A borrower applies, an officer approves in another browser, the money comes and is repaid', async ({
  person,
}) => {
  const nora = await person('customer')
  const ines = await person('officer')
  const id = await applyForLoan(nora.page, { purpose: 'a roof' })
  await expect(nora.page.getByRole('heading', { level: 1 })).toHaveText('€18,500.00 for a roof')
  await expect(stage(nora.page, 'Submitted')).toContainText('when you sent it')
  await seeStage(nora.page, 'Under review')

  await decideAtDesk(ines.page, 'Approve', 'a roof', 'Income covers the instalment.')
  await nora.page.getByRole('button', { name: 'Check now' }).click()
  await expect(stage(nora.page, 'Approved')).toContainText('Income covers the instalment.')
  await seeStage(nora.page, 'Paid out')
  await expect(nora.page.getByText('No next poll')).toBeVisible()

  await nora.page.getByRole('button', { name: 'Pay now' }).click()
  const dialog = nora.page.getByRole('dialog')
  await expect(dialog.getByLabel('Amount')).toBeFocused()
  await dialog.getByLabel('Amount').fill('250')
  await dialog.getByRole('button', { name: 'Pay €250.00' }).click()
  await expect(dialog).toBeHidden()
  const payment = nora.page.getByRole('table', { name: 'Payments' }).getByRole('row').first()
  await expect(payment).toContainText('cleared')
  await expect(payment).toContainText('€250.00')
  expect((await readLoan(nora.page.request, id)).payments).toHaveLength(1)
})

test('A declined loan says why, and is no longer asked for', async ({ person }) => {
  const nora = await person('customer')
  const ines = await person('officer')
  await applyForLoan(nora.page, { purpose: 'a boat' })
  await seeStage(nora.page, 'Under review')
  await decideAtDesk(ines.page, 'Decline', 'a boat', 'The income does not cover the instalment.')
  await nora.page.getByRole('button', { name: 'Check now' }).click()
  await seeStage(nora.page, 'Declined')
  await expect(stage(nora.page, 'Declined')).toContainText('The income does not cover the instalment.')
  await expect(stage(nora.page, 'Paid out')).toHaveCount(0)
  await expect(nora.page.getByText('No next poll')).toBeVisible()
})

test('An applicant withdraws, and nothing more is asked or decided', async ({ person }) => {
  const nora = await person('customer')
  await applyForLoan(nora.page, { purpose: 'a sauna' })
  await nora.page.getByRole('button', { name: 'Withdraw application' }).click()
  const dialog = nora.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Withdraw', exact: true }).click()
  await expect(dialog).toBeHidden()
  await seeStage(nora.page, 'Withdrawn')
  await expect(stage(nora.page, 'Paid out')).toHaveCount(0)
  await expect(nora.page.getByText('No next poll')).toBeVisible()
  await expect(nora.page.getByRole('button', { name: 'Withdraw application' })).toHaveCount(0)
})

test('What is owed stands first, with the instalments to come', async ({ person, paidOutLoan }) => {
  const nora = await person('customer')
  await nora.page.goto(`/loans/${await paidOutLoan(nora)}`)
  const repayment = nora.page.getByRole('region', { name: 'Repayment' })
  await expect(repayment.locator('.type-figure')).toBeInViewport({ ratio: 1 })
  await expect(repayment.getByRole('table', { name: 'Instalments' }).getByRole('row')).toHaveCount(3)
  await repayment.getByRole('button', { name: /^Show all/ }).click()
  expect(await repayment.getByRole('row').count()).toBeGreaterThan(5)
})

test('A tab that is opened later does not blame polling for what had happened before', async ({ person }) => {
  const nora = await person('customer')
  const id = await applyForLoan(nora.page, { purpose: 'a canoe' })
  await seeStage(nora.page, 'Under review')
  await expect(stage(nora.page, 'Under review')).toContainText('seen')
  const later = await nora.page.context().newPage()
  await later.goto(`/loans/${id}`)
  await seeStage(later, 'Under review')
  await expect(later.getByText(/^seen/)).toHaveCount(0)
})

test('A payout that fails is told, and an officer has it tried again', async ({ person }) => {
  const nora = await person('customer')
  const ines = await person('officer')
  await applyForLoan(nora.page, { amount: '4,200.13', purpose: 'new windows' })
  await seeStage(nora.page, 'Under review')
  await decideAtDesk(ines.page, 'Approve', 'new windows')
  await nora.page.getByRole('button', { name: 'Check now' }).click()
  await seeStage(nora.page, 'Payout failed')
  await expect(stage(nora.page, 'Payout failed')).toContainText('The bank refused the transfer')

  await decideAtDesk(ines.page, 'Retry', 'new windows')
  await nora.page.getByRole('button', { name: 'Check now' }).click()
  await seeStage(nora.page, 'Paid out')
  await expect(stage(nora.page, 'Paying out')).toHaveCount(2)
})

test('A payment that the bank refuses says why, and still owes the same', async ({ person, paidOutLoan }) => {
  const nora = await person('customer')
  await nora.page.goto(`/loans/${await paidOutLoan(nora)}`)
  const owed = nora.page.getByRole('region', { name: 'Repayment' }).locator('.type-figure')
  const before = await owed.textContent()
  await nora.page.getByRole('button', { name: 'Pay now' }).click()
  await nora.page.getByRole('dialog').getByLabel('Amount').fill('40.13')
  await nora.page.getByRole('button', { name: 'Pay €40.13' }).click()
  const payment = nora.page.getByRole('table', { name: 'Payments' }).getByRole('row').first()
  await expect(payment).toContainText('failed')
  await expect(payment).toContainText('not enough money')
  await expect(owed).toHaveText(before ?? '')
})

test('Pressed twice, an application and a payment are each made once', async ({ person, paidOutLoan }) => {
  const nora = await person('customer')
  const { page } = nora
  const paidOut = await paidOutLoan(nora)
  await page.goto('/loans/new')
  await fillApplication(page, { purpose: 'a bicycle' })
  await page.getByRole('button', { name: 'Send application' }).dblclick()
  await loanIdOf(page)
  expect((await readLoans(page.request)).filter(({ purpose }) => purpose === 'a bicycle')).toHaveLength(1)

  await page.goto(`/loans/${paidOut}`)
  await page.getByRole('button', { name: 'Pay now' }).click()
  await page.getByRole('button', { name: /^Pay €/ }).dblclick()
  await expect(page.getByRole('table', { name: 'Payments' }).getByText('cleared')).toBeVisible()
  expect((await readLoan(page.request, paidOut)).payments).toHaveLength(1)
})

test('An answer that is lost after the server acted: sent again, it is the same loan', async ({
  person,
  quiet,
}) => {
  quiet.expect(/ERR_FAILED/)
  const { page } = await person('customer')
  await page.goto('/loans/new')
  await fillApplication(page, { purpose: 'a piano' })
  const keys: (string | undefined)[] = []
  await page.route('**/api/loans', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    if (keys.length > 1) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByText('Not confirmed.')).toBeVisible()
  await expect(page.getByLabel('Purpose')).toHaveValue('a piano')
  expect(await readLoans(page.request)).toHaveLength(1)

  await page.getByRole('button', { name: 'Send again' }).click()
  const id = await loanIdOf(page)
  expect((await readLoans(page.request)).map((loan) => loan.id)).toEqual([id])
  expect(keys[0]).toBe(keys[1])
})

test('What is written survives a reload while the line is down', async ({ person, quiet }) => {
  quiet.expect(/ERR_INTERNET_DISCONNECTED/)
  const { page } = await person('customer')
  await page.goto('/loans/new')
  await fillApplication(page, { amount: '900', purpose: 'a bench', term: '12' })
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByText('Not confirmed.')).toBeVisible()
  await page.context().setOffline(false)
  await page.reload()
  await expect(page.getByLabel('Purpose')).toHaveValue('a bench')
  await page.getByRole('button', { name: 'Send application' }).click()
  await loanIdOf(page)
  expect(await readLoans(page.request)).toHaveLength(1)
})

test('Each wrong field says what would be right, and the first one gets the focus', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/loans/new')
  await fillApplication(page, { amount: 'much', purpose: ' ', term: '3' })
  await page.getByRole('button', { name: 'Send application' }).click()
  await expect(page.getByText('Enter an amount in EUR, such as 18,500.00')).toBeVisible()
  await expect(page.getByText('Enter a purpose')).toBeVisible()
  await expect(page.getByText('Between 6 and 120 months')).toBeVisible()
  await expect(page.getByLabel('Amount')).toBeFocused()
  await page.getByLabel('Amount').fill('18.500,00')
  await expect(page.getByText('Enter an amount')).toBeHidden()
})

test('Text in every script arrives as it was written', async ({ person }) => {
  const { page } = await person('customer')
  const purpose = 'Ölofen ‮rtl‬ 👩‍🚀 <b>نافذة</b>'
  const id = await applyForLoan(page, { purpose })
  expect((await readLoan(page.request, id)).purpose).toBe(purpose)
  await expect(page.getByRole('heading', { level: 1 })).toContainText('<b>')
})

test('An empty list leads to the form; a long one is fetched page by page', async ({ person }) => {
  const { page, create } = await person('customer')
  await page.goto('/loans')
  await expect(page.getByRole('heading', { name: 'No loans yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Apply for a loan' }).click()
  await expect(page).toHaveURL(/\/loans\/new$/)
  for (let n = 1; n <= 23; n += 1) await create('/api/loans', applicationOf(`loan ${n}`))
  await page.goto('/loans')
  const rows = page.getByRole('list', { name: 'Loans' }).getByRole('listitem')
  await expect(rows).toHaveCount(20)
  await page.getByRole('button', { name: 'Show older loans' }).click()
  await expect(rows).toHaveCount(23)
  await expect(page.getByRole('button', { name: 'Show older loans' })).toBeHidden()
})

test("Somebody else's loan and one that does not exist look the same", async ({ person, quiet }) => {
  quiet.expect(/404/)
  const nora = await person('customer')
  const sam = await person('customer')
  const id = await applyForLoan(nora.page)
  const texts: string[] = []
  for (const path of [`/loans/${id}`, '/loans/L-0000000000']) {
    const answer = await sam.page.goto(path)
    expect(answer?.status()).toBe(404)
    texts.push((await sam.page.getByRole('main').textContent()) ?? '')
  }
  expect(texts[0]).toBe(texts[1])
})

test('A visitor is asked to sign in and led back', async ({ browserPage }) => {
  const page = await browserPage()
  await page.goto('/loans/new')
  await expect(page).toHaveURL(/\/sign-in\?next=%2Floans%2Fnew/)
})

function applicationOf(purpose: string) {
  return { amountMinor: 1_850_000, currency: 'EUR', purpose, termMonths: 36 }
}
