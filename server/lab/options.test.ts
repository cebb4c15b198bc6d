import assert from 'node:assert/strict'
import { test } from 'node:test'
import { presets } from '#server/protocol/lab-presets.ts'
import { BadOption, benchNames, readOptions } from './options.ts'

test('A preset is played as it is, but for what is asked otherwise', () => {
  const options = readOptions([
    '--preset',
    'bell',
    '--clients',
    '1000',
    '--seconds',
    '30',
    '--json',
    'out.json',
  ])
  assert.ok(options.what === 'run' && options.order.kind === 'scenario')
  const bell = presets.find(({ name }) => name === 'bell')?.scenario
  assert.deepEqual(options.order.scenario, {
    ...bell,
    seconds: 30,
    clients: { short: 1_000, long: 1_000, sse: 1_000, socket: 1_000 },
  })
  assert.equal(options.json, 'out.json')
})

test('Every preset, and every kind of network, is a run that can be ordered', () => {
  for (const { name } of presets) assert.equal(readOptions(['--preset', name]).what, 'run')
  for (const network of [
    'clean',
    'slow:40:10',
    'cut:10:1400',
    'freeze:5:10',
    'buffering',
    'idle-timeout:10',
  ]) {
    assert.equal(readOptions(['--network', network]).what, 'run', network)
  }
})

test('What cannot be played is refused in a sentence', () => {
  for (const [args, words] of [
    [['--preset', 'nothing'], /Unknown preset "nothing"/],
    [['--clients', '5001'], /short: .*5000/],
    [['--clients', ''], /not a number/],
    [['--seconds', 'soon'], /"soon" is not a number/],
    [['--network', 'wet'], /Unknown network "wet"/],
    [['--network', 'cut'], /everySeconds|forMs/],
    [['--rate', '0'], /eventsPerSecond/],
    [['--drill', 'nothing'], /drill/],
    [['--preset'], /argument/],
    [['stray'], /stray/],
  ] as const) {
    assert.throws(
      () => readOptions(args),
      (error: Error) => error instanceof BadOption && words.test(error.message),
      args.join(' '),
    )
  }
})

test('The benches of one delivery at its limits are presets too', () => {
  assert.deepEqual(readOptions(['--preset', 'bench-sse', '--quick']), {
    what: 'bench',
    benches: ['sse'],
    options: ['--quick'],
  })
  const given = ['--rounds', '3', '--against', '../before']
  assert.deepEqual(readOptions(['--preset', 'bench-figures', ...given]), {
    what: 'bench',
    benches: benchNames,
    options: ['--write', '--rounds=3', '--against=../before'],
  })
})

test('A soak takes minutes and a seed, and refuses what is no number', () => {
  const given = ['--preset', 'soak', '--minutes', '3', '--seed', '7']
  assert.deepEqual(readOptions(given), { what: 'soak', options: ['--minutes=3', '--seed=7'] })
  assert.throws(() => readOptions(['--preset', 'soak', '--minutes', 'long']), BadOption)
  assert.throws(() => readOptions(['--preset', 'soak', '--minutes', '-1']), BadOption)
})
