import { classes } from '#components/ui/classes.ts'
import { stretchesOf } from './mention.ts'

/** What somebody wrote: its lines kept, its direction its own, no word wider than the page, mentions bold. `quoted` stands in a line. */
export function RichText({ text, quoted }: { text: string; quoted?: boolean }) {
  return (
    <bdi
      dir="auto"
      className={classes(
        'whitespace-pre-wrap wrap-anywhere',
        quoted ? 'before:content-["“"] after:content-["”"]' : 'block',
      )}
    >
      {stretchesOf(text).map(({ at, text: stretch, mention }) =>
        mention ? (
          <strong key={at} className="font-semibold">
            {stretch}
          </strong>
        ) : (
          stretch
        ),
      )}
    </bdi>
  )
}
