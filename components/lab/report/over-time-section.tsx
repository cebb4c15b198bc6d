'use client'
import 'uplot/dist/uPlot.min.css'
import { useState } from 'react'
import { Choice } from '#components/ui/choice.tsx'
import { formatBytes, formatDuration } from '#components/ui/format.ts'
import { howMeasured } from './how-measured.ts'
import { formatFigure } from './report-words.ts'
import { Section } from './section.tsx'
import type { Sheet } from './sheet.ts'
import { TimeChartBox } from './time-chart-box.tsx'

const options = [
  { value: 'p50', label: 'p50' },
  { value: 'p99', label: 'p99' },
] as const

/** How the figures went while the run went: four charts on one clock. */
export function OverTimeSection({ sheet: { samples, scenario, seconds } }: { sheet: Sheet }) {
  const [latency, setLatency] = useState<'p50' | 'p99'>('p50')
  const common = { samples, seconds: Math.max(scenario.seconds, seconds) }
  return (
    <Section
      title="Over time"
      control={<Choice small label="Latency of" options={options} value={latency} onChange={setLatency} />}
      how={howMeasured.time}
      className="break-inside-auto"
    >
      <div className="grid gap-x-12 gap-y-4 lg:grid-cols-2">
        <TimeChartBox
          title={`Latency, ${latency}`}
          measure={latency}
          log
          write={formatDuration}
          {...common}
        />
        <TimeChartBox title="Bytes a second, both ways" measure="bytes" write={writeBytes} {...common} />
        <TimeChartBox title="Server CPU, percent of a core" measure="cpu" write={writePercent} {...common} />
        <TimeChartBox title="Queries a second" measure="queries" write={formatFigure} {...common} />
      </div>
    </Section>
  )
}

const writeBytes = (bytes: number) => formatBytes(Math.round(bytes))
const writePercent = (percent: number) => `${formatFigure(percent)} %`
