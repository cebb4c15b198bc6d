/** `Ilya`, `Ilya and Mira`, `Ilya, Mira and 3 others`. */
export function listed(names: readonly string[], most = 8): string {
  if (names.length > most) {
    const more = names.length - most + 1
    return `${names.slice(0, most - 1).join(', ')} and ${more} others`
  }
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
