import { classes } from '#components/ui/classes.ts'
import { missing } from '#components/ui/format.ts'
import { Cell, Head, Row, Table } from '#components/ui/table.tsx'
import { signed } from './guide-words.ts'
import type { Basis, Reason } from './reasons/reason.ts'

/**
 * The reasons for and against the recommendation, with what was measured about each; points hang in the left margin.
 */
export function BecauseTable({ reasons, whose }: { reasons: readonly Reason[]; whose: string }) {
  return (
    <Table label="Reasons" className="mt-4">
      <thead>
        <tr>
          <Head figure className="w-9 pr-3">
            <span className="sr-only">Points</span>
          </Head>
          <Head>Because</Head>
          <Head figure className="max-md:pr-0">
            {whose}
          </Head>
          <Head className="w-[29%] pl-1 max-md:hidden">
            <span className="sr-only">Details</span>
          </Head>
        </tr>
      </thead>
      <tbody>
        {reasons.map(({ says, points, measured, restsOn }) => (
          <Row key={says} className="h-8.5 [&>td]:align-baseline [&>td]:py-1.5 [&>td]:h-auto">
            <Cell figure className="pr-3 text-ink-3">
              {signed(points)}
            </Cell>
            <Cell className="text-[14px] leading-5">
              {says}
              <span className="block text-ui text-ink-2 md:hidden">
                {measured?.note ?? <BasisLink basis={restsOn} />}
              </span>
            </Cell>
            <Cell figure className={classes('max-md:pr-0', measured ? 'font-semibold' : 'text-ink-3')}>
              {measured?.figure ?? missing}
            </Cell>
            <Cell className="pl-1 text-ink-2 max-md:hidden">
              {measured?.note ?? (
                <>
                  by <BasisLink basis={restsOn} />
                </>
              )}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

/** What a reason is based on, linked where possible. */
export function BasisLink({ basis: { name, href } }: { basis: Basis }) {
  if (!href) return <span>{name}</span>
  return (
    <a href={href} rel="noreferrer" className="link">
      {name}
    </a>
  )
}
