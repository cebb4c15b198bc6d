/**
 * Keeps keys that belong to an input method away from every handler on the page.
 * The Enter that accepts a candidate must not send half a message, nor may its arrows and Escape act on the page behind
 * it. Chrome and Firefox fire that key before `compositionend`, with `isComposing`; Safari fires it afterwards,
 * without, and only `keyCode` 229 (UI Events, "keyCode for input method editors") still identifies it. A capturing
 * listener on the window runs before React's and all others, so that no handler can forget to check.
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
