import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'

type Package = { resolved?: string; optionalDependencies?: Record<string, string> }
const file = resolve(import.meta.dirname, '../../package-lock.json')
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Package> }

// npm omits packages that its registry lacks, and then rejects its own file in `npm ci`.
test('The lockfile holds the packages of every platform.', () => {
  const optional = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}))
  const missing = optional.filter((name) => !(`node_modules/${name}` in packages))
  assert.deepEqual(missing, [])
})

test('The lockfile names no registry.', () => {
  const resolved = Object.values(packages).flatMap((entry) => entry.resolved ?? [])
  assert.deepEqual(resolved, [])
})
