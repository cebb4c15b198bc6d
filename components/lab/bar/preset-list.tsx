import { formatRate, networkWords } from '#components/lab/report/report-words.ts'
import { crowdWords } from '#components/lab/runs/run-words.ts'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { SectionHead } from '#components/ui/section-head.tsx'
import { type Preset, presets } from '#server/protocol/lab-presets.ts'

/** The stories that a run can tell, each of them one press away. */
export function PresetList({ disabled, onRun }: { disabled: boolean; onRun: (preset: Preset) => void }) {
  return (
    <section>
      <SectionHead
        title="Stories to begin with"
        note="each a run of its own; what it costs and loses is kept"
      />
      <ul>
        {presets.map((preset) => (
          <li
            key={preset.name}
            className="grid grid-cols-[1fr_auto] items-center gap-x-4 border-b border-line py-2 last:border-0 lg:grid-cols-[232px_1fr_auto_auto] lg:gap-x-8"
          >
            <h3 className="text-[14px] leading-5 font-semibold font-stretch-[94%]">{preset.title}</h3>
            <p className="text-ui text-ink-2 max-lg:col-start-1">{preset.story}</p>
            <p className="type-data text-ink-3 max-lg:col-start-1 lg:text-right">{figuresOf(preset)}</p>
            <Button
              small
              disabled={disabled}
              aria-label={`Run: ${preset.title}`}
              onClick={() => onRun(preset)}
              className="max-lg:col-start-2 max-lg:row-span-3 max-lg:row-start-1"
            >
              <Icon name="play" filled />
              Run
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function figuresOf({ scenario }: Preset): string {
  const { eventsPerSecond, seconds, network } = scenario
  const line = network.kind === 'clean' ? '' : `, ${networkWords(network)}`
  return `${formatRate(eventsPerSecond)}, ${crowdWords(scenario)} clients, ${seconds} s${line}`
}
