import { type LaneKind, laneWash } from '#components/lane/lane-kind.ts'
import { classes } from '#components/ui/classes.ts'
import type { CodeLine, CodeRun } from './highlight.ts'
import type { SourceFile } from './source-file.ts'

const bars = {
  short: 'border-short',
  long: 'border-long',
  sse: 'border-sse',
  ws: 'border-ws',
} as const satisfies Record<LaneKind, string>

const looks = {
  keyword: 'font-semibold',
  comment: 'text-ink-3',
  string: 'text-ink-2',
} as const satisfies Record<NonNullable<CodeRun['look']>, string>

type CodeBlockProps = {
  file: SourceFile
  /** The lane whose colour highlights the cited lines; without one they are highlighted in ink. */
  lane?: LaneKind | undefined
  /** Shows only the cited lines. */
  citedOnly?: boolean
  className?: string
}

/** Code in ink and weight with numbered lines, the cited ones highlighted in the lane's colour. */
export function CodeBlock({ file, lane, citedOnly = false, className }: CodeBlockProps) {
  const [first, last] = file.cited ?? [0, 0]
  const wash = lane ? `${laneWash[lane]} ${bars[lane]}` : 'border-ink bg-hover'
  const from = citedOnly ? first - 1 : 0
  const shown = citedOnly ? flush(file.lines.slice(from, last)) : file.lines
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keyboard
      tabIndex={0}
      aria-label={citedOnly ? `${file.path}, lines ${first} to ${last}` : file.path}
      className={classes(
        'type-data overflow-x-auto border-b border-line-strong bg-bg py-2.5 leading-5 focus-visible:-outline-offset-2',
        className,
      )}
    >
      <pre>
        <code className="block w-max min-w-full">
          {shown.map((line, at) => {
            const n = from + at
            const cited = n + 1 >= first && n + 1 <= last
            return (
              <span key={n} className={classes('block border-l-2 pr-5', cited ? wash : 'border-transparent')}>
                <span className="inline-block w-9 pr-3 text-right text-ink-3 select-none" aria-hidden>
                  {n + 1}
                </span>
                {line.map(({ text, look }, run) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: runs of a fixed line
                  <span key={run} className={look && looks[look]}>
                    {text}
                  </span>
                ))}
                {'\n'}
              </span>
            )
          })}
        </code>
      </pre>
    </section>
  )
}

/** Removes the indentation common to all lines. */
function flush(lines: CodeLine[]): CodeLine[] {
  const indents = lines.filter(({ length }) => length > 0).map(([first]) => first?.text.search(/\S|$/) ?? 0)
  const indent = Math.min(...indents)
  return lines.map(([first, ...rest]) =>
    first ? [{ ...first, text: first.text.slice(indent) }, ...rest] : [],
  )
}
