import type { Page } from '@playwright/test'

/**
 * Translates the page, and what is added to it, as browsers' translators do: each text node is replaced by a `<font>`
 * in a `<font>` with other text (`replace`), or moved into one (`wrap`).
 */
export async function translate(page: Page, how: 'replace' | 'wrap') {
  await page.evaluate((way) => {
    const translateAll = (root: Node) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      const texts: Node[] = []
      while (walker.nextNode()) texts.push(walker.currentNode)
      for (const text of texts) {
        const within = text.parentElement
        if (!text.nodeValue?.trim() || within?.closest('font, script, style, textarea, title')) continue
        const outer = document.createElement('font')
        const inner = outer.appendChild(document.createElement('font'))
        text.parentNode?.insertBefore(outer, text)
        if (way === 'wrap') inner.append(text)
        else {
          inner.textContent = text.nodeValue.toUpperCase()
          text.parentNode?.removeChild(text)
        }
      }
    }
    translateAll(document.body)
    new MutationObserver(() => translateAll(document.body)).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    })
  }, how)
}
