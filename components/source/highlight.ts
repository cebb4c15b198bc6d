import { createHighlighterCore, type HighlighterCore, type ThemeRegistration } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import typescript from 'shiki/langs/typescript.mjs'

/** A run of code in one look: keywords are heavy, comments and strings quiet, the rest plain ink. */
export type CodeRun = { text: string; look?: 'keyword' | 'comment' | 'string' }
export type CodeLine = CodeRun[]

// Colours here only name the looks; what they look like is the page's business.
const theme: ThemeRegistration = {
  name: 'ink-and-weight',
  type: 'light',
  colors: { 'editor.foreground': '#000000', 'editor.background': '#ffffff' },
  tokenColors: [
    {
      scope: ['keyword.control', 'keyword.operator.new', 'keyword.operator.expression', 'storage'],
      settings: { foreground: '#000001' },
    },
    { scope: ['string', 'punctuation.definition.string'], settings: { foreground: '#000003' } },
    { scope: ['comment', 'punctuation.definition.comment'], settings: { foreground: '#000002' } },
  ],
}
const looks: Record<string, CodeRun['look']> = {
  '#000001': 'keyword',
  '#000002': 'comment',
  '#000003': 'string',
}

let highlighter: Promise<HighlighterCore> | undefined

/** Splits TypeScript into lines of runs. */
export async function highlight(code: string): Promise<CodeLine[]> {
  highlighter ??= createHighlighterCore({
    themes: [theme],
    langs: [typescript],
    engine: createJavaScriptRegexEngine(),
  })
  const { tokens } = (await highlighter).codeToTokens(code, {
    lang: 'typescript',
    theme: theme.name ?? '',
    // By default a line that takes long, as the first ones on a busy machine do, is left half read.
    tokenizeTimeLimit: 0,
  })
  return tokens.map((line) =>
    line.reduce<CodeLine>((runs, { content, color = '' }) => {
      const look = looks[color.toLowerCase()]
      const last = runs.at(-1)
      // Blank runs take any look, so that a line is as few runs as can be.
      if (last && (last.look === look || content.trim() === '')) last.text += content
      else runs.push({ text: content, look })
      return runs
    }, []),
  )
}
