import { useEffect, useState } from 'react'

/**
 * A part of the page that its first look does without: fetched once the page is alive, so that it delays nothing and is
 * there when it is wanted, offline too. Undefined until then; asked for again whenever `wanted` changes.
 */
export function useLate<Part>(load: () => Promise<Part>, wanted: boolean): Part | undefined {
  const [part, setPart] = useState<Part>()
  useEffect(() => {
    let left = false
    load().then(
      (loaded) => !left && setPart(() => loaded),
      (fault) => !left && wanted && window.reportError(fault),
    )
    return () => {
      left = true
    }
  }, [load, wanted])
  return part
}
