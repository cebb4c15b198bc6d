import { formatChosen, formatRate, networkWords } from '#components/lab/report/report-words.ts'
import { crowdWords } from '#components/lab/runs/run-words.ts'
import { formatBytes, formatMemory } from '#components/ui/format.ts'
import type { Scenario } from '#server/protocol/lab.ts'
import type { Machine, RunReport } from '#server/protocol/lab-report.ts'

/** Something in which two runs differ besides what they measured. */
export type Difference = { what: string; a: string; b: string }

const ofScenario: Record<string, (scenario: Scenario) => string> = {
  Rate: ({ eventsPerSecond }) => formatRate(eventsPerSecond),
  'At once': ({ burst }) => String(burst),
  Payload: ({ payloadBytes }) => formatBytes(payloadBytes),
  Clients: crowdWords,
  'Poll every': ({ pollMs }) => formatChosen(pollMs),
  For: ({ seconds }) => `${seconds} s`,
  Network: ({ network }) => networkWords(network),
}

const ofMachine: Record<string, (machine: Machine) => string> = {
  Cores: ({ cores }) => String(cores),
  Processor: ({ cpu }) => cpu,
  Memory: ({ memoryBytes }) => formatMemory(memoryBytes),
  System: ({ os }) => os,
  Node: ({ node }) => node,
  Postgres: ({ postgres }) => postgres,
}

/** What was asked of the two runs that is not the same. */
export function scenarioDifferences(a: Scenario, b: Scenario): Difference[] {
  return differing(ofScenario, a, b)
}

/** In what the machines differ, as far as a report tells. */
export function machineDifferences(a: RunReport, b: RunReport): Difference[] {
  return differing(ofMachine, a.machine, b.machine)
}

function differing<T>(words: Record<string, (of: T) => string>, a: T, b: T): Difference[] {
  return Object.entries(words)
    .map(([what, say]) => ({ what, a: say(a), b: say(b) }))
    .filter((said) => said.a !== said.b)
}
