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
          title="No loan by that number, or not yours to read"
          actions={
            <Link href="/loans" className="link">
              Your loans
            </Link>
          }
        >
          Both answers look the same on purpose.
        </StateBlock>
      </div>
    </>
  )
}
