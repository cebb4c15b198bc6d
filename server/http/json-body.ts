import { Refusal } from './problem.ts'

/**
 * Parses a JSON body. Throws `malformed-json`, or `bad-request` when it nests deeper than `maxDepth`, which is
 * looked for before anything is parsed: what recurses over the value later must not be led too deep.
 */
export function parseJson(text: string, maxDepth: number): unknown {
  if (depthOf(text) > maxDepth)
    throw new Refusal('bad-request', `The body nests deeper than ${maxDepth} levels`)
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('malformed-json')
  }
}

function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at += 1
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') {
      depth += 1
      deepest = Math.max(deepest, depth)
    } else if (char === '}' || char === ']') depth -= 1
  }
  return deepest
}
