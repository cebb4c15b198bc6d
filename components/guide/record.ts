import { formatFigure } from '#components/lab/report/report-words.ts'
import { formatBytes, formatCount, missing } from '#components/ui/format.ts'
import { type Answers, answerNames, type NumberName } from './answers.ts'
import { type Decision, type Fit, startingScore } from './decide.ts'
import type { Figures } from './figures.ts'
import { nameOf, outcomeOf, remarkOn, signed, sourceOf, sumOfReasons, terms } from './guide-words.ts'
import type { LanePlan } from './plan.ts'
import { count } from './plan-inputs.ts'
import { numberQuestions, questions } from './questions.ts'
import type { TurningPoint } from './turning-points.ts'

type RecordOf = {
  answers: Answers
  decision: Decision
  figures: Figures | undefined
  plan: readonly LanePlan[]
  points: readonly TurningPoint[]
  /** The URL that opens these answers again. */
  address: string
  /** The date of the record, and of the figures. */
  today: string
  measuredOn: string
}

/** The decision as a record in Markdown: context, decision, reasons with figures, alternatives, what would change it. */
export function recordOf(order: RecordOf): string {
  const { answers, decision, figures, points, address, today, measuredOn } = order
  const { best, fits } = decision
  const name = nameOf(best.lane)
  return `${[
    `# Deliver live updates by ${name}`,
    `Decided on ${today}. ${figures ? capital(sourceOf(figures, measuredOn)) : 'No measurements'}. [Requirements](${address})`,
    '## Context',
    answerNames.map((answer) => contextLine(answer, answers)).join('\n'),
    '## Decision',
    `${name}, ${terms(decision, answers)} ${best.score} of 100.`,
    '## Reasons',
    reasonTable(best),
    '## What it needs',
    needTable(order.plan),
    '## Alternatives',
    fits
      .filter(({ lane }) => lane !== best.lane)
      .map((fit) => alternative(fit, decision))
      .join('\n'),
    '## What would change it',
    points.length === 0
      ? 'No single answer would.'
      : points.map((point) => `- If ${point.when}, ${outcomeOf(point)}.`).join('\n'),
  ].join('\n\n')}\n`
}

function contextLine(name: keyof Answers, answers: Answers): string {
  if (name in numberQuestions) {
    const number = name as NumberName
    const { asks, unit } = numberQuestions[number]
    return `- ${asks}: ${unit === 'B' ? formatBytes(answers[number]) : formatCount(answers[number])}`
  }
  if (name === 'hosting' && answers.hosting === 'servers') return '- Can the server hold connections? Yes'
  const question = questions.find((one) => one.name === name)
  return `- ${question?.asks} ${question?.choices[String(answers[name])]?.label}`
}

function reasonTable({ reasons }: Fit): string {
  const rows = reasons.map(
    ({ points, says, restsOn, measured }) =>
      `| ${signed(points)} | ${says} | ${measured ? `${measured.figure} (${measured.note})` : missing} | ${linked(restsOn)} |`,
  )
  return ['| Points | Reason | Measured | Source |', '|---:|---|---|---|', ...rows].join('\n')
}

function linked({ name, href }: { name: string; href?: string }): string {
  return href ? `[${name}](${href})` : name
}

function needTable(plan: readonly LanePlan[]): string {
  if (plan.length === 0) return 'No measurements yet, so nothing is computed.'
  const rows = plan.map(
    ({ lane, held, requestsPerSecond, memoryMiB, cores, processes, nodes }) =>
      `| ${nameOf(lane)} | ${formatCount(held)} | ${count(requestsPerSecond)} | ${count(memoryMiB)} | ${formatFigure(cores)} | ${processes ?? missing} | ${nodes ?? missing} |`,
  )
  return [
    '| | Open | Requests/s | Memory, MiB | Cores | Processes | Nodes |',
    '|---|---:|---:|---:|---:|---:|---:|',
    ...rows,
    '',
    'Extrapolated linearly from the measurements.',
  ].join('\n')
}

function alternative(fit: Fit, decision: Decision): string {
  const remark = remarkOn(fit, decision)
  const score = fit.score === null ? '' : `, ${fit.score} of 100 (${sumOfReasons(fit, startingScore)})`
  return `- **${nameOf(fit.lane)}**${score}${remark ? `: ${remark}` : ''}`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
