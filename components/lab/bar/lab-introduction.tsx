/** What the lab does, for somebody who comes to it the first time. */
export function LabIntroduction() {
  return (
    <p className="max-w-[62ch] text-[18px] leading-7 text-ink-2">
      The lab sends one stream of events down all four wires at once, to this page and to a crowd of clients
      without one, and counts what each wire costs, how late it is, and what it loses when the line breaks.
    </p>
  )
}
