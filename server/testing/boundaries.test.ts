import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from 'node:test'
import { areaOf, arrows, forbidden, importsOf } from './boundaries.ts'

const root = resolve(import.meta.dirname, '../..')
const files = globSync('{app,components,server,prisma}/**/*.{ts,tsx}', { cwd: root }).filter(
  (path) => !path.startsWith('prisma/generated/'),
)
const sources = new Map(files.map((path) => [path, readFileSync(resolve(root, path), 'utf8')]))

test('Every import follows the arrows.', () => {
  assert.ok(files.length > 100)
  const wrong = [...sources].flatMap(([path, source]) =>
    importsOf(path, source).flatMap((imported) => forbidden(path, imported) ?? []),
  )
  assert.deepEqual(wrong, [])
})

test('Every arrow is used.', () => {
  const used = new Set(
    [...sources].flatMap(([path, source]) =>
      importsOf(path, source).map((imported) => `${areaOf(path)} → ${areaOf(imported) ?? 'testing'}`),
    ),
  )
  const unused = Object.entries(arrows).flatMap(([from, areas]) =>
    areas.map((to) => `${from} → ${to}`).filter((arrow) => !used.has(arrow)),
  )
  assert.deepEqual(unused, [])
})

const bad = [
  ['app/loans/page.tsx', `import { read } from '#server/http/routes/loans.ts'`],
  ['app/loans/page.tsx', `import type { Log } from '#server/log/log.ts'`],
  ['components/ui/badge.tsx', `import { submitLoan } from '#server/domain/loans/submit-loan.ts'`],
  ['components/wire/row.tsx', `const { pool } = await import('../../server/database/pool.ts')`],
  ['server/domain/loans/submit-loan.ts', `import { problem } from '#server/http/problem.ts'`],
  ['server/domain/loans/submit-loan.ts', `import { longPoll } from '../deliver/long-poll.ts'`],
  ['server/domain/loans/submit-loan.ts', `import { hash } from '#server/domain/accounts/session.ts'`],
  ['server/log/feed.ts', `export { cursor } from '#server/deliver/cursor.ts'`],
  ['server/deliver/short-poll.ts', `import {\n  problem,\n} from '../http/problem.ts'`],
  ['server/deliver/short-poll.ts', `import '#server/domain/loans/read-loan.ts'`],
  ['server/database/pool.ts', `import { appendStatement } from '#server/log/append.ts'`],
  ['server/http/routes/loans.ts', `import { testApp } from '#server/testing/test-app.ts'`],
  ['server/protocol/streams.ts', `import { env } from '../env.ts'`],
  ['server/misc/things.ts', `import { env } from '../env.ts'`],
] as const

for (const [path, source] of bad) {
  test(`Would refuse in ${path}: ${source.replaceAll(/\s+/g, ' ')}`, () => {
    const [imported = ''] = importsOf(path, source)
    assert.notEqual(forbidden(path, imported), undefined)
  })
}

test('Would let the arrows themselves pass.', () => {
  assert.equal(forbidden('server/http/routes/loans.ts', 'server/domain/loans/submit-loan.ts'), undefined)
  assert.equal(forbidden('server/domain/loans/submit-loan.ts', 'server/domain/loans/refusals.ts'), undefined)
  assert.equal(forbidden('app/page.tsx', 'components/ui/badge.tsx'), undefined)
})

test('Only env.ts reads the environment.', () => {
  const readers = [...sources].filter(([path, source]) => areaOf(path) && /\bprocess\.env\b/.test(source))
  assert.deepEqual(
    readers.map(([path]) => path),
    ['server/env.ts'],
  )
})

test('A start loads the clients of Redis and Kafka only when it is told of an engine.', () => {
  const { packages, paths } = loadedBy('server/main.ts')
  assert.ok(paths.size > 100 && packages.has('pg'))
  assert.deepEqual([packages.has('@redis/client'), packages.has('@platformatic/kafka')], [false, false])
  assert.ok(loadedBy('server/kafka/connection.ts').packages.has('@platformatic/kafka'))
})

test('Only form.tsx makes forms, so that none is sent by the browser before the page is alive.', () => {
  const makers = [...sources].filter(([path, source]) => path.endsWith('.tsx') && /<form\b/.test(source))
  assert.deepEqual(
    makers.map(([path]) => path),
    ['components/ui/form.tsx'],
  )
})

test('Only client.ts opens connections to Postgres, so that each has our session settings.', () => {
  const openers = [...sources].filter(([path, source]) => {
    const area = areaOf(path)
    return area && area !== 'lab' && /^import (?!type )[^'"]*['"]pg['"]/m.test(source)
  })
  assert.deepEqual(
    openers.map(([path]) => path),
    ['server/database/client.ts'],
  )
})

test('What runs on the server is plain TypeScript.', () => {
  const jsx = files.filter((path) => path.startsWith('server/') && path.endsWith('.tsx'))
  assert.deepEqual(jsx, [])
})

test('`use client` stands before the imports: below one it is a mere string, and no page is built.', () => {
  const late = [...sources].filter(([, source]) => /^import\b[\s\S]*^'use client'$/m.test(source))
  assert.deepEqual(
    late.map(([path]) => path),
    [],
  )
})

/** Everything loaded with a file before any dynamic import: our own files, and packages. */
function loadedBy(entry: string): { paths: Set<string>; packages: Set<string> } {
  const paths = new Set([entry])
  const packages = new Set<string>()
  for (const path of paths) {
    for (const specifier of valueImports(sources.get(path) ?? '')) {
      const [imported] = importsOf(path, `from '${specifier}'`)
      if (imported !== undefined) paths.add(imported)
      else packages.add(specifier)
    }
  }
  return { paths, packages }
}

/** Includes imports that name only types inside their braces, which Node loads all the same. */
function valueImports(source: string): string[] {
  const statements = source.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'"]*?\bfrom\s+)?['"]([^'"]+)['"]/gm)
  return [...statements].map(([, specifier = '']) => specifier)
}
