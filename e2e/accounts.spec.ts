import { password } from '#server/testing/person.ts'
import { expect, test } from './app.ts'

test('Somebody new makes an account, comes to where they were going, and signs out.', async ({ page }) => {
  await page.goto('/account')
  await expect(page).toHaveURL(/\/sign-in\?next=/)
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name').fill('Åsa Ödegård')
  await page.getByLabel('Email').fill(`asa-${Date.now()}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill(password)
  // Signing out while the bell is still opening its stream gets the stream refused.
  const listens = page.waitForResponse((answer) => answer.url().includes('/api/streams/me'))
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/account$/)
  await listens
  await expect(page.getByRole('button', { name: 'Account of Åsa Ödegård' })).toHaveText('ÅÖ')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('banner').getByRole('link', { name: 'Sign in' })).toBeVisible()
  await page.goto('/account')
  await expect(page).toHaveURL(/\/sign-in/)
})

test('Enter before the page is alive puts no password into the address, and what was written stays.', async ({
  page,
  quiet,
}) => {
  quiet.expect(/ERR_FAILED/)
  await page.route('**/_next/static/**/*.js', (route) => route.abort())
  await page.goto('/sign-in')
  const requests: string[] = []
  // The browser requests the icon whenever it likes.
  page.on('request', (request) => {
    if (!request.url().endsWith('/favicon.svg')) requests.push(request.url())
  })
  const field = page.getByLabel('Password', { exact: true })
  await field.fill(password)
  await field.press('Enter')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(field).toHaveValue(password)
  await expect(page).toHaveURL(/\/sign-in$/)
  expect(requests).toEqual([])
})

test('What is wrong is said at its field, which has the focus.', async ({ page, quiet, person }) => {
  quiet.expect(/422|401/)
  const { email } = await person('customer')
  await page.goto('/sign-in?new')
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByLabel('Name')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveAccessibleDescription('Must not be empty.')
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription('Not an e-mail address.')
  await page.getByLabel('Name').fill('Again')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await expect(page.getByLabel('Email')).toHaveAccessibleDescription(
    /An account with this email already exists/,
  )
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByLabel('Password', { exact: true }).fill('not their password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('Password', { exact: true })).toHaveAccessibleDescription(
    'That email and password don’t match.',
  )
  await expect(page.getByLabel('Email')).toHaveValue(email)
})

test('Too many wrong passwords are told when to try again.', async ({ page, quiet }) => {
  quiet.expect(/401|429/)
  await page.goto('/sign-in')
  await page.getByLabel('Email').fill(`guessed-${Date.now()}@example.org`)
  const refused = page.getByText('Too many attempts from this address.')
  const wrong = page.getByText('don’t match')
  for (let tries = 0; tries < 12 && !(await refused.isVisible()); tries += 1) {
    await page.getByLabel('Password', { exact: true }).fill(`guess number ${tries}`)
    const answered = page.waitForResponse(/sign-in\/email/)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await answered
    await expect(refused.or(wrong)).toBeVisible()
  }
  await expect(refused).toContainText(/Try again in 0\d:\d\d/)
})

test('In demo mode one press signs in, and a foreign way on is not taken.', async ({ page }) => {
  await page.goto('/sign-in?next=//evil.example/loans')
  await page.getByRole('button', { name: /loan officer/ }).click()
  await expect(page).toHaveURL((url) => url.hostname === 'localhost' && url.pathname === '/officer')
  await page.getByRole('button', { name: /^Account of/ }).click()
  await expect(page.getByRole('menuitem', { name: 'Loan desk' })).toBeVisible()
})

test('Whoever is signed in already is sent on.', async ({ person }) => {
  const { page } = await person('customer')
  await page.goto('/sign-in?next=/account')
  await expect(page).toHaveURL(({ pathname }) => pathname === '/account')
})

test('A session that is ended from another browser is over there.', async ({ browserPage, person }) => {
  const { page, email } = await person('customer')
  await page.goto('/account')
  await expect(page.getByText('this browser')).toBeVisible()
  await expect(page.getByRole('main')).toContainText(email)

  const elsewhere = await browserPage()
  await elsewhere.goto('/sign-in?next=/account')
  await elsewhere.getByLabel('Email').fill(email)
  await elsewhere.getByLabel('Password', { exact: true }).fill(password)
  await elsewhere.keyboard.press('Enter')
  await expect(elsewhere.getByText('this browser')).toBeVisible()

  await page.reload()
  await page.getByRole('button', { name: /^End the session of/ }).click()
  await expect(page.getByRole('button', { name: /^End the session of/ })).toBeHidden()
  await elsewhere.reload()
  await expect(elsewhere).toHaveURL(/\/sign-in/)
  await page.reload()
  await expect(page.getByText('this browser')).toBeVisible()
})

test('A new name is in every tab’s bar at once; a new password ends the other sessions and no own one', async ({
  browserPage,
  person,
  quiet,
}) => {
  quiet.expect(/40[01]/)
  const { page, email } = await person('customer')
  await page.goto('/account')
  const elsewhere = await browserPage()
  await elsewhere.goto('/sign-in?next=/account')
  await elsewhere.getByLabel('Email').fill(email)
  await elsewhere.getByLabel('Password', { exact: true }).fill(password)
  await elsewhere.keyboard.press('Enter')
  await expect(elsewhere.getByText('This browser')).toBeVisible()

  await page.getByRole('button', { name: 'Change your name' }).click()
  const naming = page.getByRole('dialog', { name: 'Change your name' })
  await expect(naming.getByLabel('Name')).toBeFocused()
  await naming.getByLabel('Name').fill('Åsa Berg')
  await page.keyboard.press('Enter')
  await expect(naming).toBeHidden()
  await expect(page.getByRole('button', { name: 'Account of Åsa Berg' })).toHaveText('ÅB')
  await expect(elsewhere.getByRole('button', { name: 'Account of Åsa Berg' })).toHaveText('ÅB')

  const sessions = page.getByRole('region', { name: 'Sessions' })
  await expect(sessions.getByRole('button', { name: /^End the session of .+, signed in / })).toBeVisible()
  await page.getByRole('button', { name: 'Change your password' }).click()
  const changing = page.getByRole('dialog', { name: 'Change your password' })
  await changing.getByLabel('Current password').fill('not mine')
  await changing.getByLabel('New password').fill('a longer horse battery')
  await page.keyboard.press('Enter')
  await expect(changing.getByLabel('Current password')).toHaveAccessibleDescription(
    'That isn’t your current password.',
  )
  await changing.getByLabel('Current password').fill(password)
  await changing.getByRole('button', { name: 'Change password' }).click()
  await expect(changing).toBeHidden()
  await expect(sessions.getByRole('listitem')).toHaveCount(1)
  await expect(sessions).toContainText('This browser')
  await elsewhere.reload()
  await expect(elsewhere).toHaveURL(/\/sign-in/)
})
