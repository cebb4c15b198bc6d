import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { readEnv, settings } from '#server/env.ts'

const text = readFileSync(resolve(import.meta.dirname, '../../.env.example'), 'utf8')
const example = parseEnv(text)

test('.env.example names every setting, in the order of env.ts.', () => {
  const named = [...text.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
  // NODE_ENV is set by the npm scripts.
  const known = Object.keys(settings).filter((name) => name !== 'NODE_ENV')
  assert.deepEqual(named, known)
})

test('.env.example, unchanged, says what the defaults say.', () => {
  assert.deepEqual(readEnv({ NODE_ENV: 'production', ...example }), readEnv({ NODE_ENV: 'production' }))
})
