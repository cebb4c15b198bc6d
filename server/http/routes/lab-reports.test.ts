import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reportCsv } from '#server/lab/runs/report-csv.ts'
import type { WireRun } from '#server/protocol/lab-runs.ts'
import { labApp, reaches } from '#server/testing/lab-app.ts'
import { expectProblem } from '#server/testing/problem.ts'

test('LAB7 The report of a run is a JSON file, the lanes at its top as the command line writes them.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('ends')
  await lab.follow(id, reaches('done'))
  const answer = await lab.ask('GET', `/${id}/report.json`)
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="wireside-run-1.json"')
  const file = (await answer.json()) as WireRun & { sse: unknown }
  assert.deepEqual({ ...file, sse: undefined }, { ...file, ...(await lab.read(id)), sse: undefined })
  assert.ok(file.outcome?.kind === 'scenario')
  assert.deepEqual(file.sse, file.outcome.report.lanes.sse)
  const head = await lab.ask('HEAD', `/${id}/report.json`)
  assert.equal(head.status, 200)
  assert.equal(await head.text(), '')
})

test('LAB7 As CSV it has a row a lane, with every figure and the percentiles of a distribution.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('ends')
  await lab.follow(id, reaches('done'))
  await lab.ask('PATCH', `/${id}`, { name: '=cmd|"x", y' })
  const answer = await lab.ask('GET', `/${id}/report.csv`)
  assert.match(answer.headers.get('content-type') ?? '', /^text\/csv; charset=utf-8/)
  assert.equal(answer.headers.get('content-disposition'), 'attachment; filename="wireside-run-1.csv"')
  const [names, ...rows] = recordsOf(await answer.text())
  assert.deepEqual(
    rows.map((row) => row[names?.indexOf('lane') ?? -1]),
    ['short', 'long', 'sse', 'socket'],
  )
  const [first = []] = rows
  const cell = (name: string) => first[names?.indexOf(name) ?? -1]
  assert.equal(cell('name'), '\'=cmd|"x", y')
  assert.deepEqual(['latency.p50Ms', 'ledger.lost', 'bytesDown', 'cpuMs', 'cpuMsPerThousand'].map(cell), [
    '1.5',
    '1',
    '2000',
    '12.5',
    '',
  ])
  for (const row of rows) assert.equal(row.length, names?.length)
})

test('LAB7 Nothing in the CSV is a formula, nor becomes one where cells are cut at semicolons.', () => {
  const cells = {
    'plain text': 'plain text',
    'a;b': '"a;b"',
    'a\tb': '"a\tb"',
    'a,b': '"a,b"',
    'say "so"': '"say ""so""' + '"',
    'two\nlines': '"two\nlines"',
    '=1+1': "'=1+1",
    '+1': "'+1",
    '-1': "'-1",
    '@SUM(A1)': "'@SUM(A1)",
    '\t=1': '"\'\t=1"',
    '\r=1': '"\'\r=1"',
    '\n=1': '"\'\n=1"',
    ' =1': " '=1",
    '＝1': "'＝1",
    'a; =cmd': '"a; \'=cmd"',
    'a;=cmd|x': '"a;\'=cmd|x"',
    '1; -2; 3': '"1; -2; 3"',
  }
  const outcome = { kind: 'story', report: { modes: { naive: {} } } }
  for (const [name, written] of Object.entries(cells)) {
    const run = { number: 1, name, state: 'done', startedAt: 'x', outcome }
    const csv = reportCsv(run as unknown as Parameters<typeof reportCsv>[0])
    assert.equal(csv, `run,name,state,startedAt,mode\r\n1,${written},done,x,naive\r\n`)
  }
})

test('LAB7 Of a drill it has a row an arm; nothing in it is a formula.', async (t) => {
  const lab = await labApp(t)
  const started = await lab.ask('POST', '', { kind: 'drill', drill: 'stop-reading' })
  const { id } = (await started.json()) as WireRun
  await lab.follow(id, reaches('done'))
  const [names = [], ...rows] = recordsOf(await (await lab.ask('GET', `/${id}/report.csv`)).text())
  assert.deepEqual(
    rows.map((row) => [
      row[names.indexOf('arm')],
      row[names.indexOf('title')],
      row[names.indexOf('findings')],
    ]),
    ['ours', 'control'].map((arm) => [arm, '\'=HYPERLINK("x")', 'a: 1, "2"']),
  )
})

test('LAB7 A run without a report has no file.', async (t) => {
  const lab = await labApp(t)
  const { id } = await lab.start('fails')
  await lab.follow(id, reaches('failed'))
  for (const kind of ['json', 'csv']) {
    await expectProblem(await lab.ask('GET', `/${id}/report.${kind}`), 404, 'not-found')
  }
})

/** Parses CSV in the format of RFC 4180. */
function recordsOf(csv: string): string[][] {
  assert.ok(csv.endsWith('\r\n'))
  return csv
    .slice(0, -2)
    .split('\r\n')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    )
}
