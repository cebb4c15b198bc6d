import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { type StoryMode, storyModes } from '#server/protocol/lab.ts'
import type { StoryReport } from '#server/protocol/lab-report.ts'
import { howMeasured } from './how-measured.ts'
import { formatFigure, formatMs, formatShare } from './report-words.ts'
import { Section } from './section.tsx'

const modeNames = {
  naive: 'Each poll queries the database',
  cached: 'ETag from memory',
  redis: 'Each poll asks Redis',
  shared: 'One shared read',
} as const satisfies Record<StoryMode, string>

type Played = { modes: Partial<StoryReport['modes']> }

/** What the same polls cost the database in each mode, as a section of the report. */
export function StoryFiguresTable({ modes }: Played) {
  return (
    <Section title="Naive, cached, Redis, shared" how={howMeasured.story}>
      <StoryTable modes={modes} />
    </Section>
  )
}

/** The figures of each mode; a mode not yet played has none. */
export function StoryTable({ modes }: Played) {
  return (
    <Table wide label="Naive, cached, Redis, shared">
      <thead>
        <tr>
          <Head>Server</Head>
          <Head figure>polls/s</Head>
          <Head figure>queries/s</Head>
          <Head figure>Redis/s</Head>
          <Head figure>p50, ms</Head>
          <Head figure>p99, ms</Head>
          <Head figure>CPU, % of a core</Head>
        </tr>
      </thead>
      <tbody>
        {storyModes.map((mode) => {
          const figures = modes[mode]
          return (
            <Row key={mode}>
              <th scope="row" className="h-(--row) pr-4 text-left font-semibold">
                {modeNames[mode]}
              </th>
              <Cell figure>{formatFigure(figures?.pollsPerSecond ?? null)}</Cell>
              <Cell figure className="font-semibold">
                {formatFigure(figures?.queriesPerSecond ?? null)}
              </Cell>
              <Cell figure>{formatFigure(figures?.redisPerSecond ?? null)}</Cell>
              <Cell figure>{formatMs(figures?.p50Ms ?? null)}</Cell>
              <Cell figure>{formatMs(figures?.p99Ms ?? null)}</Cell>
              <Cell figure>{formatShare(figures?.cpuShare ?? null)}</Cell>
            </Row>
          )
        })}
      </tbody>
    </Table>
  )
}
