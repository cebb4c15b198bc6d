/** A numbered rule of PROTOCOL.md, such as `LP1`. */
export type Rule = { id: string; text: string }

const rulePattern = /^- \*\*([A-Z]+\d+)\*\*[.:]? +(.+(?:\n {2,}\S.*)*)/gm

/** The rules in `markdown` whose id is `prefix` and a number, in their order; the marks of emphasis taken off. */
export function rulesOf(markdown: string, prefix: string): Rule[] {
  return [...markdown.matchAll(rulePattern)].flatMap(([, id = '', text = '']) =>
    id.replace(/\d+$/, '') === prefix
      ? [{ id, text: text.replace(/\s*\n\s*/g, ' ').replace(/\*\*/g, '') }]
      : [],
  )
}
