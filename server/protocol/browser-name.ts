/** How much of a `User-Agent` is parsed: no genuine one is this long. */
const maxLength = 512

/** The first match wins: Edge and Opera also call themselves Chrome, and Chrome calls itself Safari. */
const browsers = [
  ['Edge', /Edg(?:A|iOS)?\/(\d{1,4})/],
  ['Opera', /OPR\/(\d{1,4})/],
  ['Firefox', /(?:Firefox|FxiOS)\/(\d{1,4})/],
  ['Chrome', /(?:HeadlessChrome|Chrome|CriOS)\/(\d{1,4})/],
  ['Safari', /Version\/(\d{1,4})/],
  ['curl', /^curl\/(\d{1,4})/],
] as const

const systems = [
  ['iPhone', /iPhone/],
  ['iPad', /iPad/],
  ['Android', /Android/],
  ['Windows', /Windows/],
  ['macOS', /Mac OS X/],
  ['ChromeOS', /CrOS/],
  ['Linux', /Linux/],
] as const

/** `Firefox 145 on Linux` from a `User-Agent`; unknown parts are omitted. */
export function browserName(userAgent: string | null | undefined): string {
  const { browser, version, system } = partsOf((userAgent ?? '').slice(0, maxLength))
  return named(browser && `${browser} ${version}`, system)
}

/** The same without the version, which changes with every update: `Firefox on Linux`. */
export function deviceName(userAgent: string): string {
  const { browser, system } = partsOf(userAgent.slice(0, maxLength))
  return named(browser, system)
}

function partsOf(userAgent: string): { browser?: string; version?: string; system: string | undefined } {
  const system = systems.find(([, pattern]) => pattern.test(userAgent))?.[0]
  for (const [browser, pattern] of browsers) {
    const version = pattern.exec(userAgent)?.[1]
    // Other browsers send `Version/` too.
    const isIt = browser !== 'Safari' || userAgent.includes('Safari/')
    if (version !== undefined && isIt) return { browser, version, system }
  }
  return { system }
}

function named(browser: string | undefined, system: string | undefined): string {
  if (browser === undefined) return system ? `A browser on ${system}` : 'Unknown browser'
  return system ? `${browser} on ${system}` : browser
}
