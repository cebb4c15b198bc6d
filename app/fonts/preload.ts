import { preload } from 'react-dom'
import mono from './commit-mono-400.woff2'
import monoBold from './commit-mono-600.woff2'
import sans from './instrument-sans.woff2'

/** Preloads the three font files that every page uses, in parallel with the style sheet that names them. */
export function preloadFonts() {
  for (const file of [sans, mono, monoBold]) {
    preload(file, { as: 'font', type: 'font/woff2', crossOrigin: 'anonymous' })
  }
}
