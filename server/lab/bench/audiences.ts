import type { ChildProcess } from 'node:child_process'
import { endChild, launchChild } from '#server/lab/testbed/child.ts'
import { usageOf } from '#server/lab/testbed/testbed.ts'
import type { Arrival, Comeback, Faults } from './audience.ts'

type Gathering = {
  ports: readonly number[]
  count: number
  comesBack: boolean
  /** Over how many processes: each has its own open-file limit. */
  processes: number
  path: string
  /** The nth sends the nth of these, and begins again behind the last. */
  headers: readonly string[]
}

type Figures = Faults & { comebacks: Comeback[]; refused: number }

export type AudienceOrder =
  | ({ type: 'gather'; first: number } & Omit<Gathering, 'processes'>)
  | { type: 'heard'; seq: number }
  | { type: 'figures' }
export type AudienceNews =
  | { type: 'gathered'; connectMs: number }
  | { type: 'heard'; seq: number; arrival: Arrival }
  | { type: 'figures'; figures: Figures }
  | { type: 'failed'; message: string }

/** An audience that is too large for one process. */
export type Audiences = {
  connectMs: number
  /** When everybody had the entry. Rejects when somebody has not after a minute. */
  heard(seq: number): Promise<Arrival>
  figures(): Promise<Figures>
  cpuMs(): number
  close(): Promise<void>
}

/** Gathers them at the same time; all end with this process. */
export async function gatherAudiences({ processes, count, ...rest }: Gathering): Promise<Audiences> {
  const parts = await Promise.all(Array.from({ length: processes }, startPart))
  const shares = parts.map((_, nth) => Math.floor((count + nth) / processes))
  const connected = parts.map(async ({ ask }, nth) => {
    const first = shares.slice(0, nth).reduce((sum, share) => sum + share, 0)
    const { connectMs } = await ask('gathered', { type: 'gather', first, count: shares[nth] ?? 0, ...rest })
    return connectMs
  })
  return {
    connectMs: Math.max(...(await Promise.all(connected))),
    async heard(seq) {
      const news = await Promise.all(parts.map(({ ask }) => ask('heard', { type: 'heard', seq }, seq)))
      return {
        firstAt: Math.min(...news.map(({ arrival }) => arrival.firstAt)),
        lastAt: Math.max(...news.map(({ arrival }) => arrival.lastAt)),
      }
    },
    async figures() {
      const news = await Promise.all(parts.map(({ ask }) => ask('figures', { type: 'figures' })))
      const sum = (of: (figures: Figures) => number) =>
        news.reduce((total, { figures }) => total + of(figures), 0)
      return {
        lost: sum(({ lost }) => lost),
        twice: sum(({ twice }) => twice),
        refused: sum(({ refused }) => refused),
        comebacks: news.flatMap(({ figures }) => figures.comebacks),
      }
    },
    cpuMs: () => parts.reduce((sum, { child }) => sum + usageOf(child.pid ?? 0).cpuMs, 0),
    async close() {
      await Promise.all(parts.map(({ child }) => endChild(child, 'SIGKILL')))
    },
  }
}

async function startPart() {
  const child = await launchChild({ file: `${import.meta.dirname}/audience-process.ts`, readyText: 'ready' })
  return { child, ask: askOf(child) }
}

function askOf(child: ChildProcess) {
  /** Orders are answered in any order: news of an entry by its seq. */
  return <Type extends AudienceNews['type']>(type: Type, order: AudienceOrder, seq?: number) => {
    const { promise, resolve, reject } = Promise.withResolvers<Extract<AudienceNews, { type: Type }>>()
    const take = (news: AudienceNews) => {
      if (news.type === 'failed') reject(new Error(news.message))
      else if (news.type === type && (news.type !== 'heard' || news.seq === seq)) {
        resolve(news as Extract<AudienceNews, { type: Type }>)
      }
    }
    const ended = () => reject(new Error('A process of listeners has ended'))
    child.on('message', take)
    child.once('exit', ended)
    child.send(order)
    return promise.finally(() => {
      child.off('message', take)
      child.off('exit', ended)
    })
  }
}
