const width = 438
const spacing = 11.7
const mostMarks = 37

/** What was missed, as marks on the wire: filled up to what has come. More than fit are drawn to scale. */
export function CatchUpLine({ done, of }: { done: number; of: number }) {
  const marks = Math.min(of, mostMarks)
  const filled = of === 0 ? 0 : Math.floor((done / of) * marks)
  return (
    <svg
      viewBox={`0 0 ${width} 10`}
      width={width}
      height={10}
      className="mt-1 block max-w-full text-sse [--surface:var(--raised)]"
      aria-hidden
    >
      <path d={`M0 5H${Math.max(0, filled * spacing - 4)}`} stroke="currentColor" strokeWidth={2} />
      {Array.from({ length: marks }, (_, n) => (
        <circle
          // biome-ignore lint/suspicious/noArrayIndexKey: a mark is nothing but its place
          key={n}
          cx={6 + n * spacing}
          cy={5}
          r={3.2}
          fill={n < filled ? 'currentColor' : 'var(--surface)'}
          stroke="currentColor"
          strokeWidth={1.5}
        />
      ))}
    </svg>
  )
}
