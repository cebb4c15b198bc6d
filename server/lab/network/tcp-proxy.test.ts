import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { eventually } from '#server/testing/eventually.ts'
import { tcpProxy } from './tcp-proxy.ts'

test('Carries bytes both ways and passes the end on.', async (t) => {
  const { client } = await throughProxy(t)
  client.end('ping')
  assert.equal(await textOf(client), 'ping')
})

test('Resets every open connection when the line is cut, and takes new ones.', async (t) => {
  const { client, proxy, reach } = await throughProxy(t)
  await echoed(client, 'before')
  proxy.cut()
  const [error] = await once(client, 'error')
  assert.equal(error.code, 'ECONNRESET')
  await echoed(await reach(), 'after')
})

test('Resets new connections while it refuses, and leaves open ones alone.', async (t) => {
  const { client, proxy, reach } = await throughProxy(t)
  await echoed(client, 'one')
  proxy.refuse()
  await assert.rejects(async () => once(await reach(), 'data'), { code: 'ECONNRESET' })
  await echoed(client, 'two')
  proxy.accept()
  await echoed(await reach(), 'three')
})

test('Holds what is sent while paused and delivers it after.', async (t) => {
  const { client, proxy, reach } = await throughProxy(t)
  await echoed(client, 'one')
  proxy.freeze()
  const heard: string[] = []
  client.on('data', (chunk) => heard.push(String(chunk)))
  client.write('two')
  const late = await reach()
  late.write('three')
  // The fence: a complete exchange past the proxy takes longer than the echo would have.
  await echoed(await reach({ direct: true }), 'fence')
  assert.deepEqual(heard, [])
  const answers = Promise.all([once(client, 'data'), once(late, 'data')])
  proxy.thaw()
  assert.deepEqual((await answers).map(String), ['two', 'three'])
})

test('Lets what is said through while it holds back the answers.', async (t) => {
  const { client, proxy, heard } = await throughProxy(t)
  await echoed(client, 'one')
  proxy.holdAnswers()
  const answers: string[] = []
  client.on('data', (chunk) => answers.push(String(chunk)))
  client.write('two')
  await eventually(() => heard.join('') === 'onetwo')
  assert.deepEqual(answers, [])
  proxy.thaw()
  await eventually(() => answers.join('') === 'two')
})

test('Counts its open lines and closes with none left.', async (t) => {
  const { client, proxy } = await throughProxy(t)
  await echoed(client, 'one')
  assert.equal(proxy.open(), 1)
  client.on('error', () => undefined)
  await proxy.close()
  assert.equal(proxy.open(), 0)
})

async function throughProxy(t: TestContext) {
  const heard: string[] = []
  const server = createServer((socket) => {
    socket.on('data', (chunk) => heard.push(String(chunk)))
    socket.on('error', () => undefined).pipe(socket)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const proxy = await tcpProxy({ port })
  const clients: Socket[] = []
  const reach = async ({ direct = false } = {}) => {
    const client = connect(direct ? port : proxy.port, '127.0.0.1')
    clients.push(client)
    await once(client, 'connect')
    return client
  }
  t.after(async () => {
    for (const client of clients) client.destroy()
    await proxy.close()
    server.close()
  })
  return { proxy, reach, heard, client: await reach() }
}

async function echoed(client: Socket, text: string) {
  client.write(text)
  const [chunk] = await once(client, 'data')
  assert.equal(String(chunk), text)
}

async function textOf(client: Socket): Promise<string> {
  let text = ''
  for await (const chunk of client) text += chunk
  return text
}
