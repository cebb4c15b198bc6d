import type { Locks } from './tab-sharing.ts'

/**
 * Wrappers for features that a browser may lack or refuse, and that no page depends on: storage that is full or denied
 * (Safari's private windows, blocked cookies), and locks and the clipboard, which exist on https and loopback only.
 * Nothing here throws.
 */

/** Like `Storage`, but what cannot be stored is kept for as long as the page lives. */
export type TextStorage = {
  getItem(name: string): string | null
  /**
   * Removes the stored text even if the new one cannot be stored: after a reload, no text is better than an outdated
   * one.
   */
  setItem(name: string, text: string): void
  /** Stores the text and returns true, or keeps the older text and returns false. */
  trySetItem(name: string, text: string): boolean
  removeItem(name: string): void
  /** Whether text stored now would survive a reload. */
  lasts(): boolean
}

/** `open` is called on each access, because merely reading a denied storage throws. */
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

/** This tab's storage; survives reloads. */
export const tabStorage = textStorage(() => window.sessionStorage)
/** This browser's storage, shared by all tabs. */
export const browserStorage = textStorage(() => window.localStorage)

function attempt(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    // Denied or full; no page depends on it.
    return false
  }
}

/** The parts of a browser's global object that may be missing. */
type Global = {
  navigator: { locks?: Locks; clipboard?: Pick<Clipboard, 'writeText'> }
  BroadcastChannel?: typeof BroadcastChannel
}

/** A channel to this browser's other tabs; undefined where the browser has none. */
export function openBroadcast(name: string, browser: Global = globalThis): BroadcastChannel | undefined {
  const Channel = browser.BroadcastChannel
  let channel: BroadcastChannel | undefined
  attempt(() => {
    channel = Channel && new Channel(name)
  })
  return channel
}

/** The locks that this browser's tabs share; undefined where the browser lacks locks or broadcast channels. */
export function tabLocks(browser: Global = globalThis): Locks | undefined {
  const channel = openBroadcast('wireside', browser)
  channel?.close()
  return channel && browser.navigator.locks
}

/** Copies `text` to the clipboard; false where there is none or the browser refuses. */
export async function copyText(text: string, browser: Global = globalThis): Promise<boolean> {
  try {
    await browser.navigator.clipboard?.writeText(text)
    return browser.navigator.clipboard !== undefined
  } catch {
    // Browsers refuse without a user gesture.
    return false
  }
}
