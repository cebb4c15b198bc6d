const writing = 'input:not([type=radio], [type=checkbox]), textarea, select, dialog[open], [contenteditable]'

/** A letter typed into a field, or with a dialog open, is not a shortcut. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(writing) !== null
}
