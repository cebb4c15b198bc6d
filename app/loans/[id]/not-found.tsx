import Link from 'next/link'
import { PhoneTitle } from '#components/shell/phone-title.tsx'
import { StateBlock } from '#components/ui/state-block.tsx'

export default function NoSuchLoan() {
  return (
    <>
      <PhoneTitle back="/loans" backLabel="Loans" title="Not found" />
      <div className="page-x pt-12">
        <StateBlock
          level={1}
          drawing={<span className="block font-mono text-[64px] leading-none tracking-[-0.04em]">404</span>}
          title="This loan doesn’t exist, or you don’t have access"
          actions={
            <Link href="/loans" className="link">
              Your loans
            </Link>
          }
        >
          The server gives the same response for both.
        </StateBlock>
      </div>
    </>
  )
}
