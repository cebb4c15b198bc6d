import { expect, test } from '@playwright/test'
import { openCluster } from '#server/cluster/open-cluster.ts'
import { haproxyPath } from '#server/engines/haproxy.ts'
import { programPath } from '#server/engines/program-path.ts'
import { sessionSettings } from '#server/testing/session-settings.ts'
import { testDatabase } from '#server/testing/test-database.ts'

test.skip(!(haproxyPath && programPath('openssl')), 'this machine lacks haproxy or openssl')

test('LB6 Behind HAProxy pages come over HTTP/2, a socket opens there too, and the wire drawer says so', async ({
  browser,
}) => {
  test.setTimeout(150_000)
  await using opened = new AsyncDisposableStack()
  const { url: databaseUrl } = await testDatabase({ after: (release) => opened.defer(release as () => void) })
  const cluster = await openCluster({
    ...{ gateways: 1, webs: 1, others: ['worker'], databaseUrl, secret: sessionSettings.AUTH_SECRET },
    engines: { without: ['redis', 'kafka'] },
    settings: { DEMO: 'on', LOG_LEVEL: 'warn' },
  })
  opened.defer(cluster.close)
  const context = await browser.newContext({ baseURL: cluster.entrance, ignoreHTTPSErrors: true })
  opened.defer(() => context.close())
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  await network.send('Network.enable')
  const handshake = new Promise<number>((resolve) => {
    network.on('Network.webSocketHandshakeResponseReceived', ({ response }) => resolve(response.status))
  })

  await page.goto('/sign-in')
  await page.getByRole('button', { name: /Nora/ }).first().click()
  await page.waitForURL((to) => to.pathname !== '/sign-in')
  await page.goto('/chat')
  // Over HTTP/1.1 it would be 101 (RFC 8441, section 5).
  expect(await handshake).toBe(200)

  await page.goto('/feed')
  await expect(page.getByRole('banner')).toContainText('Live')
  await page.keyboard.press('w')
  await expect(page.getByText('Requests go over HTTP/2, all on one connection.')).toBeVisible()
})
