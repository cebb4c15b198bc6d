import { PendingDashes } from '#components/ui/pending-dashes.tsx'

const named = 3

/** Who is writing now. The line keeps its place when nobody is. */
export function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p role="status" aria-live="off" className="mb-0.5 flex h-6 items-center gap-2.5 text-ui text-ink-2">
      {names.length > 0 && (
        <>
          <span className="text-ws">
            <PendingDashes />
          </span>
          <span className="truncate">
            {names.length > named ? `${names.length} people` : <Names names={names} />}{' '}
            {names.length === 1 ? 'is' : 'are'} typing
          </span>
        </>
      )}
    </p>
  )
}

function Names({ names }: { names: readonly string[] }) {
  return names.map((name, n) => (
    <span key={name}>
      {n > 0 && (n === names.length - 1 ? ' and ' : ', ')}
      <bdi className="font-semibold">{name}</bdi>
    </span>
  ))
}
