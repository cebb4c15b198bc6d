'use client'
import { createSlot, OfflineBanner, type OfflineNotice, useContent, useFill } from './badge-slot.tsx'

const slot = createSlot<OfflineNotice>()

/** Shows the offline banner across the top while the page passes a notice; keep the notice stable between changes. */
export function useOfflineBanner(notice: OfflineNotice | null) {
  useFill(slot, notice)
}

/** The banner's position in the layout. */
export function BannerSlot() {
  const notice = useContent(slot)
  return notice && <OfflineBanner {...notice} />
}
