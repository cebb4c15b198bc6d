'use client'
import { useEffect, useSyncExternalStore } from 'react'
import { pageRecorder, watchTimings } from './page-recorder.ts'
import { blankRecording, type Recording } from './recording.ts'

/** What this page has had on the wire so far, as it grows. */
export function useRecording(): Recording {
  return useSyncExternalStore(pageRecorder.watch, pageRecorder.current, () => blankRecording)
}

/** Listens to the browser's own account of each request while the component stands. */
export function useTimings() {
  useEffect(() => {
    const left = new AbortController()
    watchTimings(left.signal)
    return () => left.abort()
  }, [])
}
