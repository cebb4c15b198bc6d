import { laneInk } from '#components/lane/lane-kind.ts'
import { type Exchange, headerOf } from './exchange.ts'
import { groupOf } from './wire-group.ts'

/** What was asked, as far as it fits: a stream by its name, anything else by its path; behind it what makes it special. */
export function RequestLine({ exchange, news }: { exchange: Exchange; news: boolean }) {
  const { method, path, listens, waitSeconds, sent } = exchange
  const lastEventId = headerOf(sent, 'last-event-id')
  return (
    <span className="flex gap-2">
      <span className={`truncate ${news ? 'text-ink' : 'text-ink-2'}`}>
        {listens ? (
          <StreamPath path={path} />
        ) : (
          <>
            <span className="max-md:hidden">{method} </span>
            <RequestPath path={path} />
          </>
        )}
      </span>
      {waitSeconds > 0 && <span className={laneInk.long}>wait={waitSeconds}</span>}
      {lastEventId && <LastEventId id={lastEventId} />}
    </span>
  )
}

/** The stream's own name must do, for what it goes on from is the news; the whole path stands in the opened row. */
function StreamPath({ path }: { path: string }) {
  return (
    <>
      <span className="text-ink-3">…/</span>
      {groupOf({ path })}
    </>
  )
}

/** Where a stream was taken up again. */
function LastEventId({ id }: { id: string }) {
  return (
    <span className={`whitespace-nowrap ${laneInk.sse}`}>
      <span className="max-md:hidden">Last-Event-ID </span>
      {id}
    </span>
  )
}

/** On phones the last part of the path must do; the whole stands in the opened row. */
function RequestPath({ path }: { path: string }) {
  return (
    <>
      <span className="max-md:hidden">{path}</span>
      <span className="md:hidden">{path.slice(path.lastIndexOf('/') + 1)}</span>
    </>
  )
}
