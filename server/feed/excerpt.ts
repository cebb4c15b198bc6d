const maxCodePoints = 120

/** The beginning of a text, at most 120 characters, the ellipsis included. */
export function excerptOf(text: string): string {
  const characters = [...text]
  if (characters.length <= maxCodePoints) return text
  return `${characters
    .slice(0, maxCodePoints - 1)
    .join('')
    .trimEnd()}…`
}
