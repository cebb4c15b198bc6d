const dots = [0, 4.5, 9, 18]

/** The logo: four lanes stacked, cut by one vertical stroke at two thirds. `size` is its width; in `currentColor`. */
export function Mark({ size = 20, className }: { size?: number; className?: string }) {
  return (
    <svg
      width={size}
      height={size * 1.1}
      viewBox="0 0 20 22"
      fill="currentColor"
      className={`block shrink-0 ${className ?? ''}`}
      aria-hidden
    >
      {dots.map((x) => (
        <rect key={x} x={x} y={2} width={2} height={2} />
      ))}
      <path d="M0 7h8.5v2H0zM15.5 7H20v2h-4.5z" />
      <path d="M0 12h11.5v2H0zM15.5 12H20v2h-4.5z" />
      <path d="M0 17h11.5v1.5H0zM15.5 17H20v1.5h-4.5z" />
      <path d="M0 19.5h11.5V21H0zM15.5 19.5H20V21h-4.5z" />
      <path d="M12.5 0h2v22h-2z" />
    </svg>
  )
}
