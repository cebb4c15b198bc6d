import type { TestContext } from 'node:test'
import { createCrowd } from '#server/lab/crowd/create-crowd.ts'
import type { Commit, Crowd, CrowdOrder } from '#server/lab/crowd/crowd.ts'
import type { LaneName } from '#server/protocol/lab.ts'
import { sumOf } from '#server/protocol/lab-ledger.ts'
import { countingLine } from './counting-line.ts'
import { signedInPerson } from './person.ts'
import { testApp } from './test-app.ts'

/** Clients per lane. */
export const crowdSize = 8

const many = '1000'
const limits = { MAX_LONG_POLLS_PER_USER: many, MAX_SSE_PER_USER: many, MAX_SOCKETS_PER_USER: many }

/** An app, a stream in it, and a counting proxy in front of it; commits are reported to every crowd. */
export async function crowdStage(t: TestContext, { tamper }: { tamper?: (answered: string) => string } = {}) {
  const app = await testApp(t, limits)
  const person = await signedInPerson(app)
  const stream = `user:${person.id}`
  const line = await countingLine(t, app.port, tamper)
  const crowds: Crowd[] = []
  let told = 0

  async function commits(): Promise<Commit[]> {
    const { entries } = await app.context.log.read(stream, told, 1_000)
    const read = entries.map(({ seq, json }) => {
      const { at, data } = JSON.parse(json)
      return { seq, atMs: Date.parse(at), sum: sumOf(JSON.stringify(data)) }
    })
    told = read.at(-1)?.seq ?? told
    return read
  }

  async function write(count: number) {
    const entries = Array.from({ length: count }, (_, number) => ({ stream, type: 'note', data: { number } }))
    const { log } = app.context
    await log.transact((tx) => log.append(tx, entries))
    if (crowds.length === 0) return
    const read = await commits()
    for (const crowd of crowds) crowd.committed(read)
  }

  const order = (...lanes: LaneName[]): CrowdOrder => ({
    ...{ stream, cookie: person.cookie },
    lanes: lanes.map((lane) => ({ lane, count: crowdSize, port: line.port, pollMs: 300 })),
  })
  return {
    ...{ app, write, commits, line, order },
    crowdOf(lane: LaneName) {
      const crowd = createCrowd(order(lane))
      crowds.push(crowd)
      t.after(() => crowd.close())
      return crowd
    },
  }
}
