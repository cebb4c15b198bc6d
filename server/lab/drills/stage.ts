import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { openTestbed } from '#server/lab/testbed/open-testbed.ts'
import type { StartNodes, Testbed } from '#server/lab/testbed/testbed.ts'
import type { DeliveryName, LaneName } from '#server/protocol/lab.ts'
import { LedgerTruth } from '#server/protocol/lab-ledger.ts'
import type { Incident } from '#server/protocol/lab-report.ts'
import { type TcpProxy, tcpProxy } from '../network/tcp-proxy.ts'
import { Arm, type ArmLane } from './arm.ts'
import type { Drilling } from './drill.ts'

/** Lanes that get a process of the app; one is enough where the drill is not about several. */
export type Staging = {
  lanes?: readonly DeliveryName[]
  settings?: Record<string, string>
  startNodes?: StartNodes
}

const lookEveryMs = 60
const watchEveryMs = 10
const smallPayloadBytes = 100
/** Longer than any drill. */
const writeForSeconds = 300

/** Plays a drill on a testbed of its own, and clears it away, whatever comes of it. */
export async function onStage<T>(
  { tell, signal }: Drilling,
  { lanes = ['sse'], ...staging }: Staging,
  play: (stage: Stage) => Promise<T>,
): Promise<T> {
  await using opened = new AsyncDisposableStack()
  signal.throwIfAborted()
  const testbed = await openTestbed({ runId: `drill-${randomBytes(6).toString('hex')}`, lanes, ...staging })
  opened.defer(() => testbed.close())
  const { cookie } = await testbed.person()
  const stage = opened.use(new Stage(testbed, cookie, tell, signal))
  const stopped = Promise.withResolvers<never>()
  const stop = () => stopped.reject(signal.reason)
  signal.addEventListener('abort', stop)
  opened.defer(() => signal.removeEventListener('abort', stop))
  if (signal.aborted) stop()
  // Awaited here: what is cleared away must not be needed any more.
  return await Promise.race([play(stage), stopped.promise])
}

/** Where a drill is played: its arms, the events that both are sent, and what has happened when. */
export class Stage implements AsyncDisposable {
  readonly testbed: Testbed
  readonly cookie: string
  readonly truth = new LedgerTruth()
  /** By the wall clock. */
  readonly committedAtMs: number[] = []
  readonly timeline: Incident[] = []
  readonly #arms: Arm[] = []
  readonly #opened = new AsyncDisposableStack()
  readonly #tell: (incident: Incident) => void
  readonly #signal: AbortSignal
  readonly #isOver = new AbortController()
  #startedAt = performance.now()
  #looking: Promise<void> = Promise.resolve()
  #writing: Promise<unknown> | undefined

  constructor(testbed: Testbed, cookie: string, tell: (incident: Incident) => void, signal: AbortSignal) {
    this.testbed = testbed
    this.cookie = cookie
    this.#tell = tell
    this.#signal = signal
  }

  /** Clears something away when the drill is over, however it ends. */
  use<T extends AsyncDisposable>(opened: T): T {
    return this.#opened.use(opened)
  }

  /** A line to a port, to be broken. */
  async line(port: number): Promise<TcpProxy> {
    const line = await tcpProxy({ port })
    this.#opened.defer(() => line.close())
    return line
  }

  arm(lanes: readonly ArmLane[]): Arm {
    const { truth, committedAtMs, cookie } = this
    const arm = new Arm({ stream: this.testbed.stream, cookie, truth, committedAtMs }, lanes)
    this.#arms.push(arm)
    return arm
  }

  /** Lets everybody in and begins to write, steadily. The clock of the time line starts. */
  async begin(eventsPerSecond: number): Promise<void> {
    await Promise.all(this.#arms.map((arm) => arm.open()))
    this.#startedAt = performance.now()
    this.note('All clients are connected; writing starts')
    this.#writing = this.testbed.writer.write({
      ...{ eventsPerSecond, burst: 1, payloadBytes: smallPayloadBytes, seconds: writeForSeconds },
    })
    // Ended with its process when the drill is stopped.
    this.#writing.catch(() => undefined)
    void this.#keepLooking()
  }

  /** Puts down what happens now; gives it, so that its end can be put down too. */
  note(what: string, more: { lane?: LaneName; forMs?: number } = {}): Incident {
    const atMs = Math.round(performance.now() - this.#startedAt)
    const incident: Incident = {
      ...{ atMs, what },
      ...(more.lane && { lane: more.lane }),
      ...(more.forMs !== undefined && { untilMs: atMs + more.forMs }),
    }
    this.timeline.push(incident)
    this.#tell({ ...incident })
    return incident
  }

  /** What lasted until now. */
  ended(incident: Incident): void {
    incident.untilMs = Math.round(performance.now() - this.#startedAt)
  }

  /** Entries that were committed while it lasted. */
  writtenDuring({ atMs, untilMs = atMs }: Incident): number {
    const startedAtMs = performance.timeOrigin + this.#startedAt
    const [from, to] = [startedAtMs + atMs, startedAtMs + untilMs]
    return this.committedAtMs.filter((committedMs) => from <= committedMs && committedMs <= to).length
  }

  /** Waits; rejects when the drill is stopped. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal })
  }

  /** Until `is` so, at most for `patienceMs`. Gives whether it came to be. */
  async until(is: () => boolean, patienceMs: number): Promise<boolean> {
    const patientUntil = performance.now() + patienceMs
    while (!is()) {
      if (performance.now() > patientUntil) return false
      await this.pause(watchEveryMs)
    }
    return true
  }

  /** Writes an entry now, and gives the newest that there is then. */
  async fence(): Promise<number> {
    await this.testbed.writer.say(1)
    await this.#look()
    return this.truth.head
  }

  /**
   * How long each arm took, from now, until all its clients have an entry that was written after now; null for one that
   * took longer than `patienceMs`.
   */
  async backAtHead(arms: readonly Arm[], patienceMs: number): Promise<(number | null)[]> {
    const since = performance.now()
    const head = await this.fence()
    return Promise.all(arms.map((arm) => this.#backAt(head, arm, since, patienceMs)))
  }

  /** Writes no more, waits for what is on its way, and settles the ledgers. */
  async finish(patienceMs = 4_000): Promise<void> {
    this.testbed.writer.stop()
    await this.#writing
    const head = await this.fence()
    await this.until(() => this.#arms.every((arm) => arm.hasReached(head)), patienceMs)
    for (const arm of this.#arms) arm.close()
    this.note('Writing is done, and the ledgers are settled')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver.abort()
    for (const arm of this.#arms) arm.close()
    await this.#opened.disposeAsync()
  }

  async #backAt(head: number, arm: Arm, since: number, patienceMs: number): Promise<number | null> {
    const waiting = new Set(arm.lanes)
    const lookAround = () => {
      for (const each of waiting) {
        if (each.crowd.lasts().some((last) => last < head)) continue
        waiting.delete(each)
        this.note('Caught up', { lane: each.lane })
      }
      return waiting.size === 0
    }
    const isBack = await this.until(lookAround, patienceMs - (performance.now() - since))
    return isBack ? performance.now() - since : null
  }

  async #keepLooking(): Promise<void> {
    while (!this.#isOver.signal.aborted) {
      // Postgres may be what is broken: what it holds is asked for again.
      await this.#look().catch(() => undefined)
      await sleep(lookEveryMs)
    }
  }

  /** One after the other: what was told twice would be no truth. */
  #look(): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#lookOnce())
    return this.#looking
  }

  async #lookOnce(): Promise<void> {
    for (const commit of await this.testbed.committed(this.truth.head)) {
      this.truth.told(commit.seq, commit.sum)
      this.committedAtMs.push(commit.atMs)
      for (const arm of this.#arms) arm.committed(commit)
    }
  }
}
