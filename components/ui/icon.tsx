const paths = {
  bell: 'M3 11.5h10l-1.2-1.8V7a3.8 3.8 0 0 0-7.6 0v2.7zM6.6 13.8h2.8',
  heart: 'M8 13.4 2.6 8.1a3.3 3.3 0 0 1 4.7-4.7L8 4.1l.7-.7a3.3 3.3 0 0 1 4.7 4.7z',
  comment: 'M2.2 2.7h11.6v8.6H6.4l-2.6 2.4v-2.4H2.2z',
  'arrow-right': 'M2 8h11M9 3.5 13.5 8 9 12.5',
  'chevron-left': 'M10 3 5 8l5 5',
  'chevron-up': 'M3 10.5 8 5.5l5 5',
  'chevron-down': 'M3 5.5 8 10.5l5-5',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  check: 'M3 8.5 6.5 12 13 4.5',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  pause: 'M5.5 3v10M10.5 3v10',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14',
  play: 'M4.5 3v10l8-5z',
  moon: 'M13.2 9.6A5.8 5.8 0 0 1 6.4 2.8a5.8 5.8 0 1 0 6.8 6.8z',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3',
  system: 'M1.5 3h13v8.5h-13zM5.5 14.2h5',
  plus: 'M8 2.5v11M2.5 8h11',
  lock: 'M3.5 7h9v6.5h-9zM5.5 7V4.8a2.5 2.5 0 0 1 5 0V7',
  reply: 'M6.5 3.5 2.5 7.5l4 4M3 7.5h7a3.5 3.5 0 0 1 3.5 3.5v1.5',
  edit: 'M2.8 13.2l.7-3.2 7.4-7.4 2.5 2.5-7.4 7.4z',
  delete: 'M2.5 4.5h11M6 4.5v-2h4v2M4 4.5l.6 9h6.8l.6-9',
  smile: 'M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8zM5.3 9.4a3 3 0 0 0 5.4 0M6 5.6v1M10 5.6v1',
  people:
    'M6 7.5a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM1.2 13.5a4.8 4.8 0 0 1 9.6 0M11 2.6a2.5 2.5 0 0 1 0 4.8M12.4 9.6a4.7 4.7 0 0 1 2.4 3.9',
  up: 'M8 13.5V3M3.8 7 8 2.8 12.2 7',
  down: 'M8 2.5V13M3.8 9 8 13.2 12.2 9',
} as const

export type IconName = keyof typeof paths

/**
 * A 16 px icon, 1.35 stroke, square ends, in `currentColor`; decorative, since the text beside it or the button's label
 * names it.
 */
export function Icon({
  name,
  filled = false,
  className,
}: {
  name: IconName
  filled?: boolean
  className?: string
}) {
  return (
    <svg
      width={16}
      height={16}
      viewBox="0 0 16 16"
      fill={filled ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={1.35}
      strokeLinecap="square"
      className={`block shrink-0 ${className ?? ''}`}
      aria-hidden
    >
      <path d={paths[name]} />
    </svg>
  )
}
