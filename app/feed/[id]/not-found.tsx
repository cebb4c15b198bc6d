import Link from 'next/link'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

export default function NoSuchPost() {
  return (
    <>
      <PhoneTitle back="/feed" backLabel="Feed" title="Not found" />
      <div className="page-x pt-12">
        <StateBlock
          level={1}
          drawing={<span className="block font-mono text-[64px] leading-none tracking-[-0.04em]">404</span>}
          title="This post doesn’t exist"
          actions={
            <Link href="/feed" className="link">
              The feed
            </Link>
          }
        >
          Check the number in the address.
        </StateBlock>
      </div>
    </>
  )
}
