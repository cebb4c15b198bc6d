import { emptyLedger } from '#server/protocol/lab-ledger.ts'
import type { Arm } from './arm.ts'
import type { Drill } from './drill.ts'
import { allFour } from './lanes.ts'
import { startNaiveServer } from './naive/start-naive-server.ts'
import { onStage, type Stage } from './stage.ts'
import { counted, formatSeconds } from './words.ts'

/** A2: everything that the session holds open ends within this time, on any process. */
const promisedMs = 2_000
const patienceMs = 4_000

/** The session is signed out while its streams are open, on the process that receives the sign-out and on another. */
export const drill: Drill = {
  run: (drilling) =>
    onStage(drilling, { lanes: ['short', 'socket'] }, async (stage) => {
      const { clients = 5, eventsPerSecond = 20, calmMs = 2_000, faultMs = 4_000 } = drilling.scale ?? {}
      const naive = stage.use(await startNaiveServer(stage.testbed, { checksSession: true }))
      const ours = stage.arm(allFour(stage, clients))
      const control = stage.arm([{ lane: 'control', count: clients, port: naive.port }])
      await stage.begin(eventsPerSecond)
      await stage.pause(calmMs)

      const status = await signOut(stage)
      const since = performance.now()
      const signedOutAtMs = performance.timeOrigin + since
      const fault = stage.note(`The session was signed out on one of the two processes: ${status}`)
      const open = new Set(ours.lanes)
      const areAllOut = () => {
        for (const each of open) {
          if (!each.crowd.haveEnded()) continue
          open.delete(each)
          stage.note('Refused with 401 and closed', { lane: each.lane })
        }
        return open.size === 0
      }
      const ended = await stage.until(areAllOut, patienceMs)
      const endedMs = ended ? performance.now() - since : null
      await stage.pause(Math.max(0, faultMs - (performance.now() - since)))
      stage.ended(fault)
      if (control.lanes.every(({ crowd }) => crowd.isConnected())) {
        stage.note('Still open, and still receiving everything', { lane: 'control' })
      }
      await stage.finish(0)

      const right = stage.committedAtMs.filter((atMs) => atMs <= signedOutAtMs).length
      const owed = stage.committedAtMs.filter((atMs) => atMs <= signedOutAtMs + promisedMs).length
      const oursLate = shownAfter(ours, right)
      const controlLate = shownAfter(control, right)
      const late = (shown: number) => ({ name: 'Shown after the sign-out', value: counted(shown) })
      return {
        drill: 'revoke-the-session',
        ours: ours.report('All four deliveries: the end of a session reaches every process', {
          backAtHeadMs: null,
          findings: [
            { name: 'All closed after', value: endedMs === null ? 'never' : formatSeconds(endedMs) },
            late(oursLate),
          ],
          ledger: ledgerUpTo(ours, right),
          kept: endedMs !== null && endedMs <= promisedMs && shownAfter(ours, owed) === 0,
        }),
        control: control.report('A server that checks the session only on connect', {
          backAtHeadMs: null,
          findings: [{ name: 'All closed after', value: 'never' }, late(controlLate)],
          ledger: ledgerUpTo(control, right),
          kept: controlLate === 0,
        }),
        timeline: stage.timeline,
        summary: `${endedMs === null ? `Not all of our ${ours.clients} clients were closed` : `All ${ours.clients} clients of our four deliveries were closed ${formatSeconds(endedMs)}`} after the sign-out and received ${oursLate === 0 ? 'none' : counted(oursLate)} of the entries written after it. The server that checks only on connect went on: its ${control.clients} clients received ${counted(controlLate)} entries they no longer had access to.`,
      }
    }),
}

async function signOut({ testbed, cookie }: Stage): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${testbed.gateways.short.port}/api/auth/sign-out`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: '{}',
  })
  await answer.arrayBuffer()
  return answer.status
}

/** Entries times clients beyond `seq`. */
function shownAfter(arm: Arm, seq: number): number {
  return arm.lasts().reduce((sum, last) => sum + Math.max(0, last - seq), 0)
}

/** The ledger up to the sign-out. What a client had not yet polled for when it got a 401 counts as declared. */
function ledgerUpTo(arm: Arm, seq: number) {
  const { repeated, outOfOrder, altered } = arm.ledger()
  const received = arm.lasts().reduce((sum, last) => sum + Math.min(last, seq), 0)
  const expected = arm.clients * seq
  return {
    ...{ ...emptyLedger(), expected, received, declared: expected - received },
    ...{ repeated, outOfOrder, altered },
  }
}
