import { setTimeout as pause } from 'node:timers/promises'
import type { Testbed } from '#server/lab/testbed/testbed.ts'
import type { DeliveryName } from '#server/protocol/lab.ts'
import { distributionSince } from '#server/protocol/lab-distribution.ts'
import type { CrowdFigures, Sample, ServerFigures } from '#server/protocol/lab-report.ts'
import type { RunEvent } from '#server/protocol/lab-runs.ts'
import type { Crowd, CrowdState } from '../crowd/crowd.ts'
import type { Links } from './links.ts'
import { eachLane, figuresSince, nothingCounted, type Reading, readMeters } from './meters.ts'

const pageSize = 5_000
const everyMs = 500
const shortestRestMs = 50
const shortestSampleMs = 200

type Parts = {
  testbed: Testbed
  crowd: Crowd
  lines: Pick<Links, 'browser'>
  /** Meter readings before the crowd. */
  before: Reading
  /** Milliseconds since the run began. */
  now: () => number
  tell: (event: RunEvent) => void
}

type Recent = Extract<RunEvent, { type: 'figures' }>['recent']

type Watching = {
  /** Reports commits to the crowd, reads all meters, and emits the figures. */
  look(): Promise<void>
  /** Looks twice a second until aborted. */
  keepLooking(signal: AbortSignal): Promise<void>
  samples: readonly Sample[]
  /** Entries of the stream so far. */
  written(): number
}

/** Watches a run in progress. */
export function watchRun({ testbed, crowd, lines, before, now, tell }: Parts): Watching {
  const samples: Sample[] = []
  let written = 0
  let latest = figuresOf(0, { lanes: {}, cpuMs: 0 }, before, before)

  async function newCommits(): Promise<Recent> {
    const recent: [number, number, string][] = []
    for (;;) {
      const commits = await testbed.committed(written)
      crowd.committed(commits)
      written = commits.at(-1)?.seq ?? written
      for (const { seq, atMs, sum } of commits) recent.push([seq, atMs, sum])
      if (commits.length < pageSize) return recent
    }
  }

  async function look() {
    const recent = await newCommits()
    const state = await crowd.figures()
    const figures = figuresOf(now(), state, before, (await readMeters(testbed)).lanes)
    const sample = sampleBetween(latest, figures)
    // Shares over a very short time are meaningless: the first look comes at once.
    if (figures.atMs - latest.atMs >= shortestSampleMs) samples.push(sample)
    latest = figures
    const { browser } = lines
    tell({
      ...{ type: 'figures', atMs: figures.atMs, written, recent, sample },
      lanes: figures.lanes,
      ...(state.lanes.control && { control: state.lanes.control }),
      ...(browser && { browser: eachLane((lane) => bytesOf(browser, lane)) }),
    })
  }

  async function keepLooking(signal: AbortSignal) {
    while (!signal.aborted) {
      const from = performance.now()
      await look()
      const restMs = Math.max(shortestRestMs, everyMs - (performance.now() - from))
      await pause(restMs, undefined, { signal }).catch(() => undefined)
    }
  }

  return { look, keepLooking, samples, written: () => written }
}

function figuresOf(atMs: number, state: CrowdState, before: Reading, now: Reading): Figures {
  return {
    atMs,
    lanes: eachLane((lane) => ({
      ...(state.lanes[lane] ?? nothingCounted),
      ...figuresSince(before[lane], now[lane]),
    })),
  }
}

function bytesOf(browser: NonNullable<Links['browser']>, lane: DeliveryName) {
  return { bytesUp: browser[lane].bytesUp(), bytesDown: browser[lane].bytesDown() }
}

type LaneFigures = CrowdFigures & ServerFigures
type Figures = { atMs: number; lanes: Record<DeliveryName, LaneFigures> }

/** The figures between two looks. */
function sampleBetween(before: Figures, now: Figures): Sample {
  const elapsedMs = now.atMs - before.atMs
  return {
    atMs: now.atMs,
    lanes: eachLane((lane) => difference(before.lanes[lane], now.lanes[lane], elapsedMs)),
  }
}

function difference(before: LaneFigures, now: LaneFigures, elapsedMs: number) {
  const { p50Ms, p99Ms } = distributionSince(before.latency, now.latency)
  return {
    received: now.ledger.received - before.ledger.received,
    ...{ p50Ms, p99Ms },
    bytesUp: now.bytesUp - before.bytesUp,
    bytesDown: now.bytesDown - before.bytesDown,
    requests: now.requests - before.requests,
    queries: now.queries - before.queries,
    cpuShare: elapsedMs > 0 ? (now.cpuMs - before.cpuMs) / elapsedMs : 0,
  }
}
