import { type Platform, platforms } from './platforms.ts'

/** What the platform's owner says of its limits, each with its date and source. */
export function PlatformLimits({ platform }: { platform: Platform }) {
  return (
    <ul aria-label={`Limits of ${platforms[platform].name}`} className="mt-3 space-y-1.5 text-ui text-ink-2">
      {platforms[platform].limits.map(({ says, asOf, source }) => (
        <li key={says} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4">
          <span>
            {says}{' '}
            <a href={source} rel="noreferrer" className="link">
              source
            </a>
          </span>
          <span className="type-data leading-5 text-ink-3">{asOf}</span>
        </li>
      ))}
    </ul>
  )
}
