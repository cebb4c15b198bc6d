import type { IPrimitivePaneRenderer } from 'lightweight-charts'

/** What the chart gives to whoever draws on it. */
export type CanvasTarget = Parameters<IPrimitivePaneRenderer['draw']>[0]

/** Draws in CSS pixels. */
export function inCssPixels(
  target: CanvasTarget,
  draw: Parameters<CanvasTarget['useMediaCoordinateSpace']>[0],
) {
  // biome-ignore lint/correctness/useHookAtTopLevel: the chart's method is no hook, in spite of its name
  target.useMediaCoordinateSpace(draw)
}

/** Draws in pixels of the device, where a line of one can be sharp. */
export function inDevicePixels(
  target: CanvasTarget,
  draw: Parameters<CanvasTarget['useBitmapCoordinateSpace']>[0],
) {
  // biome-ignore lint/correctness/useHookAtTopLevel: the chart's method is no hook, in spite of its name
  target.useBitmapCoordinateSpace(draw)
}
