'use client'
import { Button } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'

/** Posts that others have written since: offered, so that nothing moves under the reader's eyes. */
export function NewPosts({ count, onShow }: { count: number; onShow: () => void }) {
  const words = `${count} new ${count === 1 ? 'post' : 'posts'}`
  return (
    <>
      <p role="status" className="sr-only">
        {count > 0 && words}
      </p>
      {count > 0 && (
        <div className="sticky top-[calc(var(--bar)+8px)] z-9 flex h-0 justify-center">
          <Button onClick={onShow} className="mt-3 h-8 border-ink bg-raised hover:bg-hover">
            <Icon name="up" /> {words}
          </Button>
        </div>
      )}
    </>
  )
}
