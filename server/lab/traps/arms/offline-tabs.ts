import { type Agent, type Arm, pause, type WalkIn } from './agent.ts'

const darkMs = 3_000
const beatMs = 300
const deadAfterMs = 2.5 * beatMs

/** A connection that goes dead without closing: existing connections carry nothing any more, new ones work. */
export const offlineTabs: WalkIn = async (at, agent, signal) => ({
  failing: await untilAnError(at, agent, signal),
  working: await untilABeatIsMissing(at, agent, signal),
})

async function untilAnError(at: string, agent: Agent, signal: AbortSignal): Promise<Arm> {
  const line = await lineOf(at, signal)
  let last = 0
  let errors = 0
  const source = new EventSource(`${line}/stream`)
  source.onmessage = ({ data }) => {
    last = Number(data)
  }
  source.onerror = () => {
    errors += 1
  }
  while (last === 0) await pause(20, signal)
  await goDark(at, signal)
  await pause(darkMs, signal)
  const open = source.readyState === EventSource.OPEN
  const missed = (await headOf(at, signal)) - last
  source.close()
  return {
    title: 'Waits for an error event',
    fell: open && errors === 0 && missed > 0,
    seen: [
      `${agent.name}: ${darkMs / 1_000} s after the connection went dead, readyState was ${open ? 'OPEN' : 'not OPEN'} and ${errors} error events had fired.`,
      `Meanwhile the server wrote ${missed} events, and none of them arrived.`,
    ],
  }
}

async function untilABeatIsMissing(at: string, agent: Agent, signal: AbortSignal): Promise<Arm> {
  const line = await lineOf(at, signal)
  const had: number[] = []
  let heardAt = performance.now()
  let noticed = 0
  const open = () => {
    const source = new EventSource(`${line}/stream?after=${had.at(-1) ?? 0}`)
    source.onmessage = ({ data }) => {
      heardAt = performance.now()
      if (Number(data) > (had.at(-1) ?? 0)) had.push(Number(data))
    }
    source.addEventListener('beat', () => {
      heardAt = performance.now()
    })
    return source
  }
  let source = open()
  while (had.length === 0) await pause(20, signal)
  await goDark(at, signal)
  const darkAt = performance.now()
  let backMs: number | undefined
  while (performance.now() - darkAt < darkMs) {
    await pause(50, signal)
    const silentMs = performance.now() - heardAt
    if (noticed > 0 && silentMs < 50) backMs ??= performance.now() - darkAt
    if (silentMs < deadAfterMs) continue
    noticed += 1
    heardAt = performance.now()
    source.close()
    source = open()
  }
  const head = await headOf(at, signal)
  while ((had.at(-1) ?? 0) < head) await pause(20, signal)
  source.close()
  const whole = had.every((seq, n) => n === 0 || seq === (had[n - 1] ?? 0) + 1)
  return {
    title: 'Watches for heartbeats and opens a new stream from its cursor',
    fell: noticed === 0 || !whole,
    seen: [
      `The server sends a heartbeat every ${beatMs} ms; after ${deadAfterMs} ms of silence the connection counts as dead.`,
      `${agent.name} was back ${((backMs ?? darkMs) / 1_000).toFixed(1)} s after the connection went dead, and had all ${had.length} events, each once and in order.`,
    ],
  }
}

/** The URL of the proxy that can go dead: another port of the same host. */
async function lineOf(at: string, signal: AbortSignal): Promise<string> {
  const port = await (await fetch(`${at}/line`, { signal })).text()
  return Object.assign(new URL(at), { port }).origin
}

async function goDark(at: string, signal: AbortSignal): Promise<void> {
  await fetch(`${at}/dark`, { method: 'POST', signal })
}

async function headOf(at: string, signal: AbortSignal): Promise<number> {
  return Number(await (await fetch(`${at}/head`, { signal })).text())
}
