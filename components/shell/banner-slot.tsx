'use client'
import { createSlot, OfflineBanner, type OfflineNotice, useContent, useFill } from './badge-slot.tsx'

const slot = createSlot<OfflineNotice>()

/** Lays the offline banner across the top as long as the page gives a notice; keep the notice stable between changes. */
export function useOfflineBanner(notice: OfflineNotice | null) {
  useFill(slot, notice)
}

/** Where the banner stands. */
export function BannerSlot() {
  const notice = useContent(slot)
  return notice && <OfflineBanner {...notice} />
}
