import { useEffect, useState } from 'react'

/**
 * A part of the page that the first paint does not need: loaded after hydration, so that it delays nothing and is there
 * when wanted, even offline. Undefined until then; requested again whenever `wanted` changes.
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
