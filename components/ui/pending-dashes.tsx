/** Three dashes moving: something is on its way. Never a spinner. */
export function PendingDashes() {
  return (
    <svg width={20} height={2} viewBox="0 0 20 2" className="block shrink-0" aria-hidden>
      <path
        d="M0 1H20"
        stroke="currentColor"
        strokeWidth={2}
        strokeDasharray="5 3"
        className="animate-[pending_600ms_linear_infinite] motion-reduce:animate-none"
      />
    </svg>
  )
}
