'use client'
import { useSyncExternalStore } from 'react'
import { readTheme, type Theme } from './theme.ts'

const watchers = new Set<() => void>()
const yearSeconds = 365 * 24 * 60 * 60

/** The theme in force, and the way to choose another for this browser. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore<Theme>(
    watch,
    () => readTheme(document.documentElement.dataset.theme),
    () => 'system',
  )
  return [theme, choose]
}

function choose(theme: Theme) {
  const { dataset } = document.documentElement
  // The page says how the cookie is called here: apps on other ports of this host share its cookies.
  const { themeCookie } = document.body.dataset
  if (theme === 'system') delete dataset.theme
  else dataset.theme = theme
  const maxAge = theme === 'system' ? 0 : yearSeconds
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=${maxAge}; samesite=lax`
  for (const changed of watchers) changed()
}

function watch(changed: () => void) {
  watchers.add(changed)
  return () => watchers.delete(changed)
}
