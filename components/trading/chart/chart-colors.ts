/** The colour tokens of a chart, in a form that a canvas accepts. */
export type ChartColors = Record<
  'bg' | 'line' | 'lineStrong' | 'ink' | 'ink2' | 'ink3' | 'onInk' | 'up' | 'danger' | 'ws' | 'wsInk',
  string
>

const tokens = {
  bg: '--bg',
  line: '--line',
  lineStrong: '--line-strong',
  ink: '--ink',
  ink2: '--ink-2',
  ink3: '--ink-3',
  onInk: '--on-ink',
  up: '--up',
  danger: '--danger',
  ws: '--ws',
  wsInk: '--ws-ink',
} as const satisfies Record<keyof ChartColors, string>

/** The theme's colours at `element`. The chart only reads `rgb()`, so each one is painted and read back. */
export function readChartColors(element: Element): ChartColors {
  const style = getComputedStyle(element)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const painted = (token: string) => {
    if (!context) return 'rgb(0, 0, 0)'
    context.fillStyle = style.getPropertyValue(token)
    context.fillRect(0, 0, 1, 1)
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
    return `rgb(${red}, ${green}, ${blue})`
  }
  return Object.fromEntries(
    Object.entries(tokens).map(([name, token]) => [name, painted(token)]),
  ) as ChartColors
}

/** Calls `changed` when the theme changes, through the menu or the system. */
export function watchTheme(changed: () => void): () => void {
  const menu = new MutationObserver(changed)
  menu.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', changed)
  return () => {
    menu.disconnect()
    system.removeEventListener('change', changed)
  }
}
