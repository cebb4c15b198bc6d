import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ignoreCompositionKeys } from './composition-keys.ts'

const root = join(import.meta.dirname, '../..')

class Press extends Event {
  readonly keyCode: number
  readonly isComposing: boolean

  constructor(keyCode: number, isComposing = false) {
    super('keydown')
    this.keyCode = keyCode
    this.isComposing = isComposing
  }
}

test('A key of an input method reaches no handler, in the order of Chrome, Firefox or Safari', () => {
  const window = new EventTarget()
  ignoreCompositionKeys(window)
  const heard: number[] = []
  window.addEventListener('keydown', (event) => heard.push((event as Press).keyCode))
  for (const press of [new Press(229), new Press(229, true), new Press(13, true), new Press(13)]) {
    window.dispatchEvent(press)
  }
  assert.deepEqual(heard, [13])
})

test('The guard is installed first of all, and every handler of keys stands behind it', async () => {
  const installed = await readFile(join(root, 'instrumentation-client.ts'), 'utf8')
  assert.match(installed, /^ignoreCompositionKeys\(window\)$/m)
  const early: string[] = []
  let handlers = 0
  for (const path of await sources()) {
    if (path.endsWith('composition-keys.ts')) continue
    const source = await readFile(join(root, path), 'utf8')
    handlers += source.match(/onKeyDown[=:]|addEventListener\('keydown'/g)?.length ?? 0
    // `keyup` follows `compositionend` in every browser and reveals nothing; in the capture phase a handler could be
    // first.
    if (/onKey(Up|Press)|onKeyDownCapture|'key(up|press)'|'keydown',[^)]*capture/.test(source))
      early.push(path)
  }
  assert.ok(handlers > 10, `${handlers} handlers found`)
  assert.deepEqual(early, [])
})

async function sources(): Promise<string[]> {
  const listed = await Promise.all(
    ['app', 'components'].map(async (folder) =>
      (await readdir(join(root, folder), { recursive: true })).map((name) => join(folder, name)),
    ),
  )
  return listed.flat().filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.'))
}
