import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { FourWires } from '#components/account/four-wires.tsx'
import { landingPage, safeNext } from '#components/account/safe-next.ts'
import { SignInForm } from '#components/account/sign-in-form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { demoPeople } from '#server/pages.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { viewer } from '../viewer.ts'

type Props = { searchParams: Promise<{ next?: string | string[]; new?: string; ended?: string }> }

export async function generateMetadata({ searchParams }: Props): Promise<Metadata> {
  return { title: (await searchParams).new === undefined ? 'Sign in' : 'Create an account' }
}

/** Sign in or up. `?next=` is where to go afterwards, `?new` opens sign-up, `?ended` reports that a session ended. */
export default async function SignIn({ searchParams }: Props) {
  const asked = await searchParams
  const next = safeNext(typeof asked.next === 'string' ? asked.next : undefined)
  const someone = await signedInViewer()
  if (someone) redirect(next ?? landingPage(someone.role))
  const fresh = asked.new !== undefined
  return (
    <div className="grid flex-1 lg:grid-cols-[600px_minmax(0,1fr)]">
      <div className="page-x mx-auto flex w-full max-w-[440px] flex-col pt-20 pb-8 md:pt-[19vh] lg:border-r-0">
        {asked.ended !== undefined && (
          <Notice className="mb-6">
            Your session has ended: it expired, or you signed out elsewhere. Sign in to continue where you
            left off.
          </Notice>
        )}
        <SignInForm
          mode={fresh ? 'sign-up' : 'sign-in'}
          next={next}
          otherHref={signInHref(next, !fresh)}
          people={demoPeople()}
        />
      </div>
      <div className="border-l border-line max-lg:hidden">
        <FourWires />
      </div>
    </div>
  )
}

/** The same page in its other mode. */
function signInHref(next: string | undefined, fresh: boolean): string {
  const query = [...(fresh ? ['new'] : []), ...(next ? [`next=${encodeURIComponent(next)}`] : [])]
  return query.length > 0 ? `/sign-in?${query.join('&')}` : '/sign-in'
}

async function signedInViewer(): Promise<Viewer | null> {
  try {
    return await viewer()
  } catch {
    // The database is unavailable: the form renders, and submitting it will report that.
    return null
  }
}
