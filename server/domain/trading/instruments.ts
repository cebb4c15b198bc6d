/**
 * A traded instrument. `volatility` is the standard deviation of a day's return, `activity` its relative share of all
 * ticks.
 */
export type Instrument = {
  symbol: string
  name: string
  startMinor: number
  volatility: number
  /** The median number of shares in a trade. */
  typicalSize: number
  activity: number
  /** Its partition in Kafka, for good: a new instrument takes the next number, and a freed number is never reused. */
  partition: number
}

/** All prices are in cents of this currency; the smallest price step is one cent. */
export const currency = 'EUR'
export const tickMinor = 1

/** All instruments, in the order of the watchlist. */
export const instruments: readonly Instrument[] = [
  listed('NRDX', 'Nordlys Energy', 8_442, 0.026, 320, 2.4, 0),
  listed('HELX', 'Helix Bio', 21_305, 0.034, 140, 1.7, 1),
  listed('ORBT', 'Orbital Freight', 3_118, 0.022, 480, 1.1, 2),
  listed('KVRN', 'Kvarn Foods', 5_790, 0.014, 350, 0.9, 3),
  listed('TSLM', 'Teslum Motors', 40_266, 0.038, 120, 2.6, 4),
  listed('ARGO', 'Argo Shipping', 1_873, 0.03, 700, 1, 5),
  listed('PLYM', 'Plymouth Bank', 9_620, 0.017, 260, 1.4, 6),
  listed('VSTA', 'Vista Rail', 4_407, 0.016, 300, 0.8, 7),
  listed('QNTM', 'Quantum Glass', 12_854, 0.029, 180, 1.2, 8),
  listed('LUMN', 'Lumen Optics', 6_531, 0.031, 280, 1.1, 9),
  listed('FJRD', 'Fjord Salmon', 2_248, 0.021, 520, 0.8, 10),
  listed('MRBL', 'Marble Cement', 7_395, 0.018, 210, 0.7, 11),
  listed('ZNTH', 'Zenith Air', 986, 0.033, 1_100, 1.3, 12),
  listed('BRKL', 'Brackel Brewing', 3_842, 0.015, 340, 0.6, 13),
  listed('CDRA', 'Cedra Timber', 2_715, 0.019, 410, 0.6, 14),
  listed('DYNE', 'Dyne Robotics', 31_240, 0.035, 110, 1.3, 15),
  listed('EMBR', 'Ember Heating', 1_460, 0.024, 640, 0.7, 16),
  listed('GLCR', 'Glacier Water', 5_177, 0.012, 300, 0.5, 17),
  listed('HRBR', 'Harbour Insurance', 11_825, 0.015, 170, 0.7, 18),
  listed('IVRY', 'Ivory Paper', 834, 0.025, 1_200, 0.5, 19),
  listed('JASP', 'Jasper Health', 17_690, 0.022, 150, 0.9, 20),
  listed('OKRA', 'Okra Markets', 6_208, 0.02, 270, 0.7, 21),
  listed('SLVR', 'Silver Harvest', 8_953, 0.027, 220, 0.8, 22),
  listed('WLDN', 'Walden Homes', 3_371, 0.02, 380, 0.7, 23),
]

const bySymbol = new Map(instruments.map((instrument) => [instrument.symbol, instrument]))

/** The instrument of a symbol; undefined when there is none. */
export function instrumentOf(symbol: string): Instrument | undefined {
  return bySymbol.get(symbol)
}

/** How many partitions a topic needs to have one for each. */
export function partitionsFor(listed: readonly Pick<Instrument, 'partition'>[]): number {
  return Math.max(...listed.map(({ partition }) => partition)) + 1
}

function listed(
  symbol: string,
  name: string,
  startMinor: number,
  volatility: number,
  typicalSize: number,
  activity: number,
  partition: number,
): Instrument {
  return { symbol, name, startMinor, volatility, typicalSize, activity, partition }
}
