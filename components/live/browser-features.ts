import type { Locks } from './tab-sharing.ts'

/**
 * What a browser may lack or refuse, and pages go on without: storage that is full, or denied (Safari's private
 * windows, blocked cookies), locks and the clipboard, which exist on https and loopback only. Nothing here throws.
 */

/** As `Storage`, with what could not be stored kept as long as the page lives. */
export type TextStorage = {
  getItem(name: string): string | null
  /** The older text goes even if this one cannot be stored: better none after a reload than one that was replaced. */
  setItem(name: string, text: string): void
  /** Stores the text, or leaves the older one and says false. */
  trySetItem(name: string, text: string): boolean
  removeItem(name: string): void
  /** Whether what is stored now will be there after a reload. */
  lasts(): boolean
}

/** `open` is called each time, because merely reading a denied storage throws. */
export function textStorage(open: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): TextStorage {
  const unstored = new Map<string, string>()

  function trySetItem(name: string, text: string): boolean {
    const stored = attempt(() => open().setItem(name, text))
    if (stored) unstored.delete(name)
    return stored
  }

  function removeItem(name: string) {
    unstored.delete(name)
    attempt(() => open().removeItem(name))
  }

  return {
    getItem(name) {
      let text: string | null = null
      if (!unstored.has(name)) {
        attempt(() => {
          text = open().getItem(name)
        })
      }
      return unstored.get(name) ?? text
    },
    setItem(name, text) {
      if (trySetItem(name, text)) return
      removeItem(name)
      unstored.set(name, text)
    },
    trySetItem,
    removeItem,
    lasts() {
      const stored = trySetItem('stores', 'yes')
      removeItem('stores')
      return stored && unstored.size === 0
    },
  }
}

/** Of this tab, over reloads. */
export const tabStorage = textStorage(() => window.sessionStorage)
/** Of this browser, for all tabs. */
export const browserStorage = textStorage(() => window.localStorage)

function attempt(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    // Denied or full, and no page depends on it.
    return false
  }
}

/** What of a browser's global object may be missing. */
type Global = {
  navigator: { locks?: Locks; clipboard?: Pick<Clipboard, 'writeText'> }
  BroadcastChannel?: typeof BroadcastChannel
}

/** A channel to the other tabs of this browser; undefined where there are none. */
export function openBroadcast(name: string, browser: Global = globalThis): BroadcastChannel | undefined {
  const Channel = browser.BroadcastChannel
  let channel: BroadcastChannel | undefined
  attempt(() => {
    channel = Channel && new Channel(name)
  })
  return channel
}

/** The locks that the tabs of this browser share; undefined where there are none, or no channels beside them. */
export function tabLocks(browser: Global = globalThis): Locks | undefined {
  const channel = openBroadcast('wireside', browser)
  channel?.close()
  return channel && browser.navigator.locks
}

/** Puts `text` on the clipboard; false where there is none, or the browser refuses. */
export async function copyText(text: string, browser: Global = globalThis): Promise<boolean> {
  try {
    await browser.navigator.clipboard?.writeText(text)
    return browser.navigator.clipboard !== undefined
  } catch {
    // Without a press of the reader it is refused.
    return false
  }
}
