'use client'
import { createContext, type ReactNode, useContext } from 'react'
import { Notice } from '#components/ui/notice.tsx'
import { type TrapRuns, useTrapRuns } from './use-trap-runs.ts'

const Runs = createContext<TrapRuns | undefined>(undefined)

/** What goes on with the traps of the page around. */
export function useTraps(): TrapRuns {
  const runs = useContext(Runs)
  if (!runs) throw new Error('A trap is run on the page of traps')
  return runs
}

/** The page of traps: one is run at a time, for they would measure each other. */
export function TrapRunsProvider({ children }: { children: ReactNode }) {
  const runs = useTrapRuns()
  return (
    <Runs value={runs}>
      {runs.mayRun === false && (
        <Notice className="mb-6">
          Runs are started in demo mode, on the machine of the server. What follows can be read here.
        </Notice>
      )}
      {children}
    </Runs>
  )
}
