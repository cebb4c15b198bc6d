/**
 * `npm run lab -- --preset <name>`: plays a run without a browser and prints its table; exits 1 when anything was lost.
 */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { RunEvent, RunOutcome, WireRun } from '#server/protocol/lab-runs.ts'
import type { RunOrder } from '#server/protocol/lab-schemas.ts'
import { BadOption, readOptions, usage } from './options.ts'
import { playRun } from './play-run.ts'
import { nothingLost, tableOf } from './table.ts'

const faulty = 2

async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (options.what === 'help') {
    console.log(usage)
    return 0
  }
  if (options.what === 'bench') {
    for (const bench of options.benches) {
      const code = await runProgram('bench/main.ts', [bench, ...options.options])
      if (code !== 0) return code
    }
    return 0
  }
  if (options.what === 'soak') return runProgram('bench/soak/main.ts', options.options)
  const { order, json } = options
  const startedAt = new Date().toISOString()
  const runId = randomBytes(9).toString('base64url')
  const { outcome, stopped } = await play(order, runId)
  const run: WireRun = {
    ...{ id: runId, number: 0, name: options.name ?? null, state: stopped ? 'stopped' : 'done', order },
    ...{ startedAt, endedAt: new Date().toISOString(), outcome },
  }
  const rows = outcome.kind === 'scenario' ? outcome.report.lanes : {}
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...rows, ...run }, null, 2)}\n`)
  return print(outcome)
}

async function play(order: RunOrder, runId: string): Promise<{ outcome: RunOutcome; stopped: boolean }> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const outcome = await playRun(order, {
      ...{ runId, tell: narrate, signal: stopping.signal, pageOrigins: [] },
      modes: { onMode: () => undefined },
      cluster: { onAction: () => undefined, onWatched: () => undefined },
    })
    return { outcome, stopped: stopping.signal.aborted }
  } finally {
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
}

/** Progress goes to stderr, so that stdout has only the table. */
function narrate(event: RunEvent): void {
  if (event.type === 'state') {
    console.error(`${event.state}${event.detail === undefined ? '' : `: ${event.detail}`}`)
  } else if (event.type === 'incident') {
    console.error(`${(event.incident.atMs / 1_000).toFixed(1)} s: ${event.incident.what}`)
  } else if (event.type === 'story') {
    const { mode, pollsPerSecond, queriesPerSecond } = event.figures
    console.error(`${mode}: ${Math.round(pollsPerSecond)} polls/s, ${queriesPerSecond.toFixed(1)} queries/s`)
  }
}

function print(outcome: RunOutcome): number {
  switch (outcome.kind) {
    case 'scenario': {
      const { written, seconds, observer } = outcome.report
      console.log(tableOf(outcome.report))
      console.log(
        `\n${written} entries in ${seconds.toFixed(1)} s. CPU: clients ${share(observer.crowdCpuShare)} of a core, lab ${share(observer.labCpuShare)}, writer ${share(observer.writerCpuShare)}. The writer was at most ${observer.writerLateMs.toFixed(0)} ms late.`,
      )
      return nothingLost(outcome.report) ? 0 : 1
    }
    case 'drill': {
      const { ours, control, summary } = outcome.report
      for (const { title, ledger, backAtHeadMs } of [ours, control]) {
        const back =
          backAtHeadMs === null ? 'never caught up' : `caught up after ${(backAtHeadMs / 1_000).toFixed(1)} s`
        console.log(
          `${title}: ${ledger.lost} lost, ${ledger.late} late, ${ledger.repeated} duplicates, ${back}`,
        )
      }
      console.log(summary)
      return ours.kept ? 0 : 1
    }
    case 'trap': {
      const { failing, working, also } = outcome.report
      for (const arm of [failing, working, ...(also ? [also] : [])]) {
        console.log(
          [`${arm.title}: ${arm.fell ? 'hit the problem' : 'avoided it'}`, ...arm.seen].join('\n  '),
        )
      }
      return working.fell || also?.fell ? 1 : 0
    }
    case 'story':
      for (const figures of Object.values(outcome.report.modes)) {
        const { mode, pollsPerSecond, queriesPerSecond, p99Ms, redisPerSecond } = figures
        const late = p99Ms === null ? '—' : `${p99Ms.toFixed(1)} ms`
        const redis = redisPerSecond === undefined ? '' : `, ${Math.round(redisPerSecond)} Redis commands/s`
        console.log(
          `${mode}: ${Math.round(pollsPerSecond)} polls/s, ${queriesPerSecond.toFixed(1)} queries/s, p99 ${late}${redis}`,
        )
      }
      return 0
    case 'cluster': {
      const { ledger, seconds, parts } = outcome.report
      console.log(
        `${parts.join(', ')}: ${ledger.received} received in ${seconds.toFixed(1)} s, ${ledger.lost} lost, ${ledger.repeated} duplicates`,
      )
      return ledger.lost + ledger.repeated > 0 ? 1 : 0
    }
  }
}

const share = (of: number) => `${(of * 100).toFixed(0)} %`

/** Benches pin their processes to cores, so each is a program of its own. */
async function runProgram(file: string, args: string[]): Promise<number> {
  const child = spawn(process.execPath, [`${import.meta.dirname}/${file}`, ...args], { stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code ?? faulty
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const isPlain = error instanceof BadOption
  console.error(isPlain ? `${error.message}\n\n${usage}` : error)
  process.exitCode = faulty
}
