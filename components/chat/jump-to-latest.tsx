'use client'
import { Button } from '#components/ui/button.tsx'
import { formatCount } from '#components/ui/format.ts'
import { Icon } from '#components/ui/icon.tsx'

/** For a reader who is further up: what has come below, and the way there. */
export function JumpToLatest({ count, onJump }: { count: number; onJump: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-full z-10 mb-2 flex justify-center">
      <Button onClick={onJump} className="pointer-events-auto h-8 border-ink bg-raised hover:bg-hover">
        <Icon name="down" />
        {count > 0 ? `${formatCount(count)} new below` : 'Jump to latest'}
      </Button>
    </div>
  )
}
