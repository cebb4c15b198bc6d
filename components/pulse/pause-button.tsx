'use client'
import { Icon } from '#components/ui/icon.tsx'

/** Stops the drawing and its wires, for whoever wants to read in peace, and starts them again. */
export function PauseButton({
  stopped,
  onToggle,
  className,
}: {
  stopped: boolean
  onToggle: () => void
  className?: string
}) {
  const label = stopped ? 'Start the wires again' : 'Pause the wires'
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onToggle}
      className={`grid size-7 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink max-md:size-11 ${className ?? ''}`}
    >
      <Icon name={stopped ? 'play' : 'pause'} />
    </button>
  )
}
