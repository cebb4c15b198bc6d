import Link from 'next/link'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

export default function NoSuchRoom() {
  return (
    <div className="min-w-0 flex-1">
      <PhoneTitle back="/chat" backLabel="All rooms" title="Not found" />
      <div className="px-(--chat-x) py-12">
        <StateBlock
          level={1}
          drawing={<span className="block font-mono text-[64px] leading-none tracking-[-0.04em]">404</span>}
          title="This room doesn’t exist, or you don’t have access"
          actions={
            <Link href="/chat" className="link">
              All rooms
            </Link>
          }
        >
          The server gives the same response for both.
        </StateBlock>
      </div>
    </div>
  )
}
