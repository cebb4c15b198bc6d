import { Fragment } from 'react'

/** JSON has no spaces to break at; after a comma is as good. */
export function Breakable({ text }: { text: string }) {
  return text.split(/(?<=,)/).map((part, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a fixed text have no other name
    <Fragment key={n}>
      {part}
      <wbr />
    </Fragment>
  ))
}
