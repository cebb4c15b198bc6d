/** The page's prototypes, which a test can supply. */
type Page = Pick<Document, 'documentElement'> & { defaultView: (Window & typeof globalThis) | null }

/**
 * Keeps React working when a translator or an extension has changed the page under it.
 * Translators replace a text node by a `<font>`. React keeps the node: its next update of the text is not visible, and
 * when it removes the node, or inserts another before it, the browser throws `NotFoundError` and the page is gone. So
 * each node's replacement is remembered: it is what gets removed or inserted before, and a text that React changes is
 * put back, for the translator to translate again. A node that somebody else has already removed counts as removed.
 */
export function surviveTranslation(page: Page): void {
  const { Node: node, MutationObserver: observerOf } = page.defaultView ?? globalThis
  const standIns = new WeakMap<Node, Node>()
  const { removeChild, insertBefore, appendChild } = node.prototype

  const observer = new observerOf((records) => {
    for (const { type, target } of records) if (type === 'characterData') putBack(target)
    for (const [text, font] of replacedTexts(records)) {
      standIns.set(text, font)
      observer.observe(text, { characterData: true })
    }
  })
  observer.observe(page.documentElement, { childList: true, subtree: true })

  function putBack(text: Node) {
    const font = standIns.get(text)
    standIns.delete(text)
    if (!text.isConnected && font?.parentNode) font.parentNode.replaceChild(text, font)
  }

  /** A text that returns to the page no longer needs a replacement. */
  function comeBack(child: Node) {
    const font = standIns.get(child)
    if (!font) return
    standIns.delete(child)
    if (font.parentNode) removeChild.call(font.parentNode, font)
  }

  function placeOf(child: Node): Node {
    return child.parentNode ? child : (standIns.get(child) ?? child)
  }

  node.prototype.removeChild = function <Child extends Node>(this: Node, child: Child): Child {
    if (child.parentNode === this) return removeChild.call(this, child) as Child
    const shown = placeOf(child)
    if (shown.parentNode && this.contains(shown)) {
      const wrapped = outermostAlone(shown, this)
      removeChild.call(wrapped.parentNode ?? this, wrapped)
    }
    return child
  }

  node.prototype.insertBefore = function <Child extends Node>(
    this: Node,
    child: Child,
    before: Node | null,
  ): Child {
    comeBack(child)
    if (!before || before.parentNode === this) return insertBefore.call(this, child, before) as Child
    return insertBefore.call(this, child, childOf(this, placeOf(before))) as Child
  }

  node.prototype.appendChild = function <Child extends Node>(this: Node, child: Child): Child {
    comeBack(child)
    return appendChild.call(this, child) as Child
  }
}

/** The texts that left the page while a `<font>` took their position. */
function replacedTexts(records: readonly MutationRecord[]): [Node, Node][] {
  const fonts = records.filter(({ addedNodes }) => [...addedNodes].some(isFont))
  if (fonts.length === 0) return []
  return records.flatMap((record) => {
    const [text] = record.removedNodes
    if (!text || text.nodeType !== text.TEXT_NODE || text.parentNode) return []
    const font =
      [...record.addedNodes].find(isFont) ??
      [record.previousSibling, record.nextSibling].find((sibling) => sibling && isFont(sibling)) ??
      fonts
        .filter(({ target, nextSibling }) => target === record.target && nextSibling === record.nextSibling)
        .flatMap(({ addedNodes }) => [...addedNodes])
        .find(isFont)
    return font ? [[text, font] as [Node, Node]] : []
  })
}

function isFont(node: Node): boolean {
  return node.nodeName === 'FONT'
}

/** The child of `parent` that contains `inner`, or null. */
function childOf(parent: Node, inner: Node): Node | null {
  for (let at: Node | null = inner; at; at = at.parentNode) if (at.parentNode === parent) return at
  return null
}

/** The outermost ancestor below `parent` that wraps `inner` alone. */
function outermostAlone(inner: Node, parent: Node): Node {
  let at = inner
  while (at.parentNode && at.parentNode !== parent && at.parentNode.childNodes.length === 1)
    at = at.parentNode
  return at
}

/**
 * Moves what an extension has inserted at the top of the body out of the way before hydration.
 * React skips foreign elements there unless they have the tag that it looks for, and the first of Next's own is a
 * hidden `div`: a foreign `div` would be mistaken for it, and the whole page rendered again with an error. Beside the
 * body the nodes disturb nothing and look the same.
 */
export function moveForeignNodes({ body, documentElement }: Document): void {
  const first = body?.querySelector(':scope > div[hidden]')
  while (first?.previousElementSibling) documentElement.append(first.previousElementSibling)
}
