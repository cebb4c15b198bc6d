import { formatBytes, formatCount, formatDuration, missing } from '#components/ui/format.ts'
import type { LaneReport } from '#server/protocol/lab-report.ts'
import { bytesPerDelivery, emptyShare } from './cost.ts'
import { formatChosen, formatFigure, formatLater, formatRate, formatShare } from './report-words.ts'
import { difference, type Sheet, share } from './sheet.ts'

/** A common claim, its figure, and what this run measured; `—` where the run cannot tell. */
type Claim = { said: string; claimed: string; measured: string }

/** The claims that a run can check. */
export function claimsOf(sheet: Sheet): Claim[] {
  const { scenario, seconds, control } = sheet
  const { short, long, sse, socket } = sheet.lanes
  const rate = formatRate(scenario.eventsPerSecond)
  const every = formatChosen(scenario.pollMs)
  return [
    {
      said: 'Most short polls return nothing new',
      claimed: '90 %',
      measured: figureText(emptyShare('short', short), (part) => `${formatShare(part)} at ${rate}`),
    },
    {
      said: 'A short poll is late by half its interval on average',
      claimed: formatChosen(scenario.pollMs / 2),
      measured: figureText(short.latency.p50Ms, formatDuration),
    },
    {
      said: `${formatCount(short.clients)} polls every ${every} each query the database`,
      claimed: `${formatFigure((short.clients * 1_000) / scenario.pollMs)} /s`,
      measured: figureText(of(short, share(short.queries, seconds)), (n) => `${formatFigure(n)} /s`),
    },
    {
      said: 'Request headers add hundreds of bytes',
      claimed: '500–800 B',
      measured: figureText(share(short.bytesUp, short.requests), (bytes) => formatBytes(Math.round(bytes))),
    },
    {
      said: 'Long polling is as fast as a socket',
      claimed: 'equal',
      measured: formatLater(difference(long.latency.p50Ms, socket.latency.p50Ms)),
    },
    {
      said: 'An event stream is as fast as a socket',
      claimed: 'equal',
      measured: formatLater(difference(sse.latency.p50Ms, socket.latency.p50Ms)),
    },
    {
      said: 'A WebSocket frame costs a few bytes',
      claimed: '2–14 B',
      measured: figureText(
        bytesPerDelivery(socket),
        (bytes) => `${formatBytes(Math.round(bytes))} per event, in total`,
      ),
    },
    {
      said: 'An event stream needs more bytes than a WebSocket',
      claimed: '10 times',
      measured: times(share(bytesPerDelivery(sse), bytesPerDelivery(socket))),
    },
    {
      said: 'A held connection costs the server memory',
      claimed: '10–50 KiB',
      measured: figureText(
        sse.memoryKibPerConnection ?? socket.memoryKibPerConnection,
        (kib) => `${formatFigure(kib)} KiB`,
      ),
    },
    {
      said: 'Polling costs more CPU than pushing',
      claimed: 'many times',
      measured: times(share(short.cpuMsPerThousand, socket.cpuMsPerThousand)),
    },
    {
      said: 'EventSource reconnects by itself, so nothing is lost',
      claimed: '0 lost',
      measured:
        control && control.clients > 0
          ? `${formatCount(control.ledger.lost)} lost without a cursor`
          : missing,
    },
  ]
}

function of(lane: LaneReport, figure: number | null): number | null {
  return lane.clients === 0 ? null : figure
}

function figureText(figure: number | null, words: (figure: number) => string): string {
  return figure === null ? missing : words(figure)
}

function times(factor: number | null): string {
  return figureText(factor, (n) => `${formatFigure(n)} times`)
}
