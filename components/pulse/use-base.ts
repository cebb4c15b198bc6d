'use client'
import { useEffect, useState } from 'react'

/** Less than the window, so that the drift never comes to its end. */
const renewMs = 20_000

/** The instant that the drawing is laid out around, renewed now and then; undefined before the browser has begun. */
export function useBase(stopped: boolean): number | undefined {
  const [baseMs, setBaseMs] = useState<number>()
  useEffect(() => {
    if (stopped) return
    const renew = () => setBaseMs(Date.now())
    renew()
    const timer = setInterval(renew, renewMs)
    // A hidden tab's timers and animations are late: begin again with what is true.
    document.addEventListener('visibilitychange', renew)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', renew)
    }
  }, [stopped])
  return baseMs
}
