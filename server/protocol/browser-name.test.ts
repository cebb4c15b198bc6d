import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserName, deviceName } from './browser-name.ts'

const chrome =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'

test('names the browser that it is, not those that it also claims to be', () => {
  assert.equal(browserName(chrome), 'Chrome 142 on Linux')
  assert.equal(
    browserName(`${chrome.replace('X11; Linux x86_64', 'Windows NT 10.0; Win64; x64')} Edg/141.0`),
    'Edge 141 on Windows',
  )
  assert.equal(
    browserName(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1',
    ),
    'Safari 26 on iPhone',
  )
  assert.equal(
    browserName('Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'),
    'Firefox 145 on Linux',
  )
})

test('says what it does not know', () => {
  assert.equal(browserName(undefined), 'Unknown browser')
  assert.equal(browserName('node'), 'Unknown browser')
  assert.equal(browserName('Something (Windows)'), 'A browser on Windows')
  assert.equal(browserName('curl/7.88.1'), 'curl 7')
})

test('a device keeps its name through an update of the browser', () => {
  assert.equal(deviceName(chrome), 'Chrome on Linux')
  assert.equal(deviceName(chrome.replace('142', '143')), deviceName(chrome))
  assert.equal(deviceName('curl/8.1'), 'curl')
  assert.equal(deviceName(''), 'Unknown browser')
})
