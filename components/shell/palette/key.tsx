/** A key, as its cap says. */
export function Key({ children }: { children: string }) {
  return <kbd className="type-axis border border-line-strong px-1.5 leading-[18px]">{children}</kbd>
}
