import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { sharedWriter, streamWrapOf, waitingBytes } from './write-shared.ts'

const internals = streamWrapOf(process)

test('This Node shows what writing straight to a handle takes', () => assert.ok(internals))

test('Without it there is none, and no error', () => {
  const refuse = () => {
    throw new Error('No such module: stream_wrap')
  }
  assert.equal(streamWrapOf({}), undefined)
  assert.equal(streamWrapOf({ binding: refuse }), undefined)
})

for (const [name, write] of [
  ['to the handle', sharedWriter(internals)],
  ['by socket.write', sharedWriter(undefined)],
] as const) {
  describe(`Shared bytes, written ${name}`, () => {
    test('arrive in order, between what is written by socket.write', async (t) => {
      const { ours, theirs } = await pair(t)
      const received = text(theirs)
      for (let n = 0; n < 200; n += 1) {
        write(ours, Buffer.from(`${n} `))
        if (n % 3 === 0) ours.write('- ')
      }
      ours.end('end')
      const expected = Array.from({ length: 200 }, (_, n) => (n % 3 === 0 ? `${n} - ` : `${n} `))
      assert.equal(await received, `${expected.join('')}end`)
    })

    test('wait when nobody reads, are counted, and drain', async (t) => {
      const { ours, theirs } = await pair(t)
      const chunk = Buffer.alloc(100_000, 'x')
      let sent = 0
      let drains = 0
      ours.on('drain', () => {
        drains += 1
      })
      do sent += chunk.length
      while (write(ours, chunk))
      await eventually(() => waitingBytes(ours) > 0)
      assert.ok(waitingBytes(ours) <= sent)
      assert.equal(drains, 0)
      let received = 0
      theirs.on('data', ({ length }) => {
        received += length
      })
      await eventually(() => drains === 1 && received === sent)
      assert.equal(waitingBytes(ours), 0)
      assert.equal(ours.bytesWritten, sent)
      assert.equal(write(ours, Buffer.from('more')), true)
      await eventually(() => received === sent + 4)
    })

    test('come before the last words, though they wait', async (t) => {
      const { ours, theirs } = await pair(t)
      const chunk = Buffer.alloc(100_000, 'x')
      let sent = 0
      do sent += chunk.length
      while (write(ours, chunk))
      ours.end('bye')
      const received = await text(theirs)
      assert.equal(received.length, sent + 3)
      assert.ok(received.endsWith('xbye'))
    })

    test('are dropped when the client has gone, without an error that nobody takes', async (t) => {
      const { ours, theirs } = await pair(t)
      ours.on('error', () => undefined)
      const chunk = Buffer.alloc(100_000, 'x')
      while (write(ours, chunk));
      theirs.resetAndDestroy()
      await eventually(() => ours.destroyed)
      assert.equal(write(ours, chunk), false)
      assert.equal(waitingBytes(ours), 0)
    })
  })
}

/** Both ends of a connection. */
async function pair(t: TestContext): Promise<{ ours: Socket; theirs: Socket }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const theirs = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [ours] = (await once(server, 'connection')) as [Socket]
  ours.resume()
  t.after(() => {
    ours.destroy()
    theirs.destroy()
    server.close()
  })
  return { ours, theirs }
}

async function text(socket: Socket): Promise<string> {
  let received = ''
  socket.setEncoding('latin1').on('data', (more) => {
    received += more
  })
  await once(socket, 'end')
  return received
}
