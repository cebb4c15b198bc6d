import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { tcpProxy } from '#server/lab/network/tcp-proxy.ts'
import { followed } from '#server/testing/followed.ts'
import { muteNotify, notifiedBy } from '#server/testing/muted-notify.ts'
import { testDatabase } from '#server/testing/test-database.ts'
import { type LogNode, logOn } from '#server/testing/test-log.ts'

const aboutASecondMs = 2_000
const never = 3_600_000

test('L4 When LISTEN is cut the check heals within about a second; without it nothing does', async (t) => {
  const { url } = await testDatabase(t)
  const line = await tcpProxy({ port: Number(new URL(url).port) })
  t.after(line.close)
  const listenUrl = Object.assign(new URL(`${url}?application_name=listener`), {
    port: String(line.port),
  }).href
  const writer = await logOn(t, url)
  const nodes = await checkedAndNot(t, url, listenUrl)
  await append(writer)
  await nodes.bothSee(1)

  line.refuse()
  const { pool } = writer.database
  const { rows: killed } = await pool.query(
    "SELECT pid, pg_terminate_backend(pid, 5000) AS gone FROM pg_stat_activity WHERE application_name = 'listener'",
  )
  assert.deepEqual(
    killed.map((row) => row.gone),
    [true, true],
  )
  await nodes.healsWithCheckOnly(() => append(writer), 2)

  line.accept()
  await nodes.bothSee(2)
})

test('L4 When NOTIFY is lost the check heals within about a second; without it nothing does', async (t) => {
  const { url } = await testDatabase(t)
  await muteNotify(url)
  const writer = await logOn(t, url)
  const nodes = await checkedAndNot(t, url, url)
  assert.deepEqual(await notifiedBy(url, 'wireside_backplane', () => appendAndTell(writer)), [])
  await nodes.healsWithCheckOnly(() => append(writer), 2)

  await nodes.unchecked.log.check()
  await nodes.bothSee(2)
})

test('The backplane alone wakes the other processes, without any check', async (t) => {
  const { url } = await testDatabase(t)
  const writer = await logOn(t, url)
  const reader = await logOn(t, url, { checkMs: never })
  const follower = await following(reader, t.signal)
  const [payload, ...more] = await notifiedBy(url, 'wireside_backplane', () => appendAndTell(writer))
  assert.match(payload ?? '', /\[\["log:a","1"\]\]$/)
  assert.deepEqual(more, [])
  assert.equal(await follower.reaches(1), 1)
})

test('C4 A cursor that another process gave is looked up before it is called beyond the head', async (t) => {
  const { url } = await testDatabase(t)
  await muteNotify(url)
  const writer = await logOn(t, url)
  const reader = await logOn(t, url, { checkMs: never })
  const { epoch } = await reader.feeds.open('a')
  await append(writer)
  await append(writer)
  assert.equal(reader.feeds.headOf('a')?.seq, 0, 'this process has heard of nothing')
  const batch = await reader.feeds.read('a', { epoch, seq: 1 })
  assert.deepEqual(batch.type === 'entries' && [batch.entries.map(({ seq }) => seq), batch.head.seq], [
    [2],
    2,
  ])
  const reset = await reader.feeds.read('a', { epoch, seq: 3 })
  assert.equal(reset.type === 'reset' && reset.reason, 'beyond-head')
})

/** Two processes that follow stream `a`, one with the fallback check and one without. */
async function checkedAndNot(t: TestContext, url: string, listenUrl: string) {
  const checked = await logOn(t, url, { listenUrl })
  const unchecked = await logOn(t, url, { listenUrl, checkMs: never })
  const [one, other] = [await following(checked, t.signal), await following(unchecked, t.signal)]
  return {
    unchecked,
    bothSee: (seq: number) => Promise.all([one.reaches(seq), other.reaches(seq)]),
    async healsWithCheckOnly(write: () => Promise<unknown>, seq: number) {
      const before = other.seq()
      await write()
      const written = performance.now()
      await one.reaches(seq)
      assert.ok(performance.now() - written < aboutASecondMs)
      // It is alive all the same: it sees what it appends itself.
      await append(unchecked, 'fence')
      assert.equal((await unchecked.feeds.open('fence')).seq, 1)
      assert.equal(other.seq(), before)
    },
  }
}

/** A follower of stream `a` that has joined when this returns. */
async function following({ feeds }: LogNode, signal: AbortSignal) {
  const batches = followed(feeds, 'a', 'start', signal)
  let { seq } = await feeds.open('a')
  let coming = batches.next()
  return {
    seq: () => feeds.headOf('a')?.seq ?? seq,
    async reaches(wanted: number): Promise<number> {
      while (seq < wanted) {
        const { value } = await coming
        assert.equal(value?.type, 'entries')
        for (const entry of value?.type === 'entries' ? value.entries : []) {
          assert.equal(entry.seq, seq + 1)
          ;({ seq } = entry)
        }
        coming = batches.next()
      }
      return seq
    },
  }
}

function append({ log }: LogNode, stream = 'a') {
  return log.transact((tx) => log.append(tx, [{ stream, type: 'note', data: null }]))
}

async function appendAndTell(node: LogNode) {
  await append(node)
  await node.backplane.sent()
}
