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

/** Lanes with a process of the app each; one is enough where the drill is not about several. */
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

/** Runs a drill on a testbed of its own, and cleans up, whatever the outcome. */
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
  // Awaited here, so that nothing is cleaned up while still in use.
  return await Promise.race([play(stage), stopped.promise])
}

/** The setting of a drill: its arms, the events that both receive, and the timeline. */
export class Stage implements AsyncDisposable {
  readonly testbed: Testbed
  readonly cookie: string
  readonly truth = new LedgerTruth()
  /** Commit times by the wall clock. */
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

  /** Disposes of something when the drill is over, however it ends. */
  use<T extends AsyncDisposable>(opened: T): T {
    return this.#opened.use(opened)
  }

  /** A proxy to a port, to be broken. */
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

  /** Admits all clients and starts writing at a steady rate. The timeline starts here. */
  async begin(eventsPerSecond: number): Promise<void> {
    await Promise.all(this.#arms.map((arm) => arm.open()))
    this.#startedAt = performance.now()
    this.note('All clients are connected; writing starts')
    this.#writing = this.testbed.writer.write({
      ...{ eventsPerSecond, burst: 1, payloadBytes: smallPayloadBytes, seconds: writeForSeconds },
    })
    // Rejects when the drill is stopped, which ends its process.
    this.#writing.catch(() => undefined)
    void this.#keepLooking()
  }

  /** Adds an incident to the timeline; returned so that its end can be recorded too. */
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

  /** Records that an incident has ended now. */
  ended(incident: Incident): void {
    incident.untilMs = Math.round(performance.now() - this.#startedAt)
  }

  /** How many entries were committed during an incident. */
  writtenDuring({ atMs, untilMs = atMs }: Incident): number {
    const startedAtMs = performance.timeOrigin + this.#startedAt
    const [from, to] = [startedAtMs + atMs, startedAtMs + untilMs]
    return this.committedAtMs.filter((committedMs) => from <= committedMs && committedMs <= to).length
  }

  /** Waits; rejects when the drill is stopped. */
  async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#signal })
  }

  /** Waits until `is()`, at most `patienceMs`. Returns whether it became true. */
  async until(is: () => boolean, patienceMs: number): Promise<boolean> {
    const patientUntil = performance.now() + patienceMs
    while (!is()) {
      if (performance.now() > patientUntil) return false
      await this.pause(watchEveryMs)
    }
    return true
  }

  /** Writes an entry now, and returns the head after it. */
  async fence(): Promise<number> {
    await this.testbed.writer.say(1)
    await this.#look()
    return this.truth.head
  }

  /**
   * How long each arm takes, from now, until all its clients have an entry written after now, in ms; null if longer
   * than `patienceMs`.
   */
  async backAtHead(arms: readonly Arm[], patienceMs: number): Promise<(number | null)[]> {
    const since = performance.now()
    const head = await this.fence()
    return Promise.all(arms.map((arm) => this.#backAt(head, arm, since, patienceMs)))
  }

  /** Stops writing, waits for entries in flight, and settles the ledgers. */
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
      // Postgres may be what is broken: the next look retries.
      await this.#look().catch(() => undefined)
      await sleep(lookEveryMs)
    }
  }

  /** Serialised, because an entry reported twice would corrupt the truth. */
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
