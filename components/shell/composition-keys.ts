/**
 * Keeps the keys that belong to an input method from every handler of the page.
 *
 * The Enter that accepts a candidate must not send half a message, nor its arrows and Escape move what lies behind it.
 * Chrome and Firefox press that key before `compositionend`, with `isComposing`; Safari after it, without, and only
 * `keyCode` 229 (UI Events, "keyCode for input method editors") still tells. A listener in the capture phase of the
 * window comes before React and before all others, so that no handler can forget to ask.
 */
export function ignoreCompositionKeys(window: EventTarget): void {
  window.addEventListener('keydown', (event) => isComposing(event) && event.stopImmediatePropagation(), {
    capture: true,
  })
}

function isComposing(event: Event): boolean {
  const { isComposing, keyCode } = event as KeyboardEvent
  return isComposing || keyCode === 229
}
