'use client'

import { useEffect, useEffectEvent, useState } from 'react'
import { showToast } from '#components/ui/toast-store.ts'
import type { Viewer } from '#server/protocol/people.ts'
import { type PaletteSheet, usePaletteKeys } from './palette-keys.ts'

type PaletteProps = {
  sheet: PaletteSheet | undefined
  onSheet: (next: (before: PaletteSheet | undefined) => PaletteSheet | undefined) => void
  viewer: Viewer | undefined
}

/** The palette and the list of shortcuts, by their keys or as `sheet` says. */
export function Palette({ sheet, onSheet, viewer }: PaletteProps) {
  const dialogs = useDialogs(sheet !== undefined, () => onSheet(() => undefined))
  usePaletteKeys((wanted) => {
    const modal = document.querySelector<HTMLDialogElement>('dialog:modal')
    // Over another dialog they would stand in its way; their own is closed by its key.
    if (!modal) onSheet(() => wanted)
    else if (wanted === sheet) modal.close()
  })
  if (!dialogs || !sheet) return null
  const { CommandDialog, ShortcutDialog } = dialogs
  const close = (closed: PaletteSheet) => () => onSheet((before) => (before === closed ? undefined : before))
  return sheet === 'commands' ? (
    <CommandDialog
      viewer={viewer}
      onClose={close('commands')}
      onShortcuts={() => onSheet(() => 'shortcuts')}
    />
  ) : (
    <ShortcutDialog onClose={close('shortcuts')} />
  )
}

/** The page begins without the dialogs, and fetches them once it has stood so long: they are there offline too. */
const restMs = 3_000

/** The dialogs once they are here, which are fetched at once when they are `wanted`. */
function useDialogs(wanted: boolean, onFailed: () => void) {
  const [dialogs, setDialogs] = useState<Dialogs>()
  const failed = useEffectEvent(() => {
    if (!wanted) return
    onFailed()
    showToast({
      title: 'Commands couldn’t be loaded.',
      text: 'Try again once you’re back online.',
      danger: true,
    })
  })
  useEffect(() => {
    if (dialogs) return
    const timer = setTimeout(() => fetchDialogs().then(setDialogs, failed), wanted ? 0 : restMs)
    return () => clearTimeout(timer)
  }, [dialogs, wanted])
  return dialogs
}

type Dialogs = Awaited<ReturnType<typeof fetchDialogs>>

async function fetchDialogs() {
  const [{ CommandDialog }, { ShortcutDialog }] = await Promise.all([
    import('./command-dialog.tsx'),
    import('./shortcut-dialog.tsx'),
  ])
  return { CommandDialog, ShortcutDialog }
}
