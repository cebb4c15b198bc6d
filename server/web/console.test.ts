import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLogger } from '#server/logger.ts'
import { consoleToLog } from './console.ts'

test('What is written to the console is lines of the log; of an error no message that may quote a request.', () => {
  const lines: string[] = []
  const undo = consoleToLog(createLogger('debug', { write: (line) => void lines.push(line) }))
  const broken = Object.assign(new SyntaxError('quotes the secret'), { digest: '123' })
  try {
    console.error('\x1b[31m⨯\x1b[39m', broken)
    console.log(' ✓ Ready')
    console.warn('A warning', { secret: 'secret' })
    console.error({ secret: 'secret' })
    console.info('x'.repeat(5_000))
  } finally {
    undo()
  }
  const [error, log, warning, long, ...others] = lines.map((line) => JSON.parse(line))
  assert.deepEqual(others, [])
  assert.deepEqual([error.level, log.level, warning.level, long.level], [50, 30, 40, 30])
  assert.deepEqual([error.err.type, error.digest, 'message' in error.err], ['SyntaxError', '123', false])
  assert.match(error.err.stack, /console\.test\.ts/)
  assert.equal(log.said, '✓ Ready')
  assert.equal(warning.said, 'A warning')
  assert.ok(long.said.length <= 300)
  assert.ok(!lines.join('').includes('secret'))
})
