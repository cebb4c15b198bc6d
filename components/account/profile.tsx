'use client'

import { useRouter } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import { Button } from '#components/ui/button.tsx'
import type { Viewer } from '#server/protocol/people.ts'
import { NameDialog } from './name-dialog.tsx'
import { PasswordDialog } from './password-dialog.tsx'

/** Who the reader is, and the ways to change their name and password. */
export function Profile({ viewer }: { viewer: Viewer }) {
  const [changing, setChanging] = useState<'name' | 'password'>()
  const router = useRouter()
  const close = () => setChanging(undefined)
  return (
    <>
      <dl className="mt-5 mb-7 grid border-y border-line-strong md:grid-cols-[5fr_6fr_3fr_5fr]">
        <Fact name="Name" onChange={() => setChanging('name')}>
          <bdi>{viewer.name}</bdi>
        </Fact>
        <Fact name="Email">{viewer.email}</Fact>
        <Fact name="Role">{viewer.role === 'officer' ? 'loan officer' : 'customer'}</Fact>
        <Fact name="Password" onChange={() => setChanging('password')}>
          ••••••••
        </Fact>
      </dl>
      {changing === 'name' && (
        <NameDialog
          name={viewer.name}
          onClose={close}
          onRenamed={() => {
            close()
            router.refresh()
          }}
        />
      )}
      {changing === 'password' && <PasswordDialog onClose={close} />}
    </>
  )
}

function Fact({ name, onChange, children }: { name: string; onChange?: () => void; children: ReactNode }) {
  return (
    <div className="min-w-0 border-line py-3 not-first:max-md:border-t md:pr-3 md:not-first:border-l md:not-first:pl-4">
      <dt className="type-label">{name}</dt>
      <dd className="flex min-h-7 items-center justify-between gap-2 text-body">
        <span className="min-w-0 truncate">{children}</span>
        {onChange && (
          <Button small aria-label={`Change your ${name.toLowerCase()}`} onClick={onChange}>
            Change
          </Button>
        )}
      </dd>
    </div>
  )
}
