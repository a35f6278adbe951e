/** Finds words that a page says of its own instead of out of the dictionary: Chinese anywhere in code, English where it is shown or read out. */
import ts from 'typescript'

/** Attributes and properties whose text a person reads or hears. */
const SPOKEN = new Set(['label', 'title', 'placeholder', 'alt', 'hint', 'error', 'message', 'content', 'text', 'aria-label', 'ariaLabel', 'aria-description', 'confirmText', 'cancelText', 'innerText', 'textContent'])
const HAN = /\p{Script=Han}/u
/** Two letters that belong together make a word; `g` or `m` alone is a sign. */
const WORD = /[A-Za-z]{2,}/

/** The text of a literal, as far as it is written here; undefined for what is no literal. */
function text(node: ts.Node | undefined): string | undefined {
  if (!node) return undefined
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' ')
  if (ts.isJsxExpression(node)) return text(node.expression)
  if (ts.isConditionalExpression(node)) return [text(node.whenTrue), text(node.whenFalse)].filter(Boolean).join(' ') || undefined
  if (ts.isBinaryExpression(node)) {
    const both = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(node.operatorToken.kind)
    if (!both && node.operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken) return undefined // a comparison is not shown
    return [both ? text(node.left) : undefined, text(node.right)].filter(Boolean).join(' ') || undefined
  }
  if (ts.isParenthesizedExpression(node)) return text(node.expression)
  return undefined
}

/** English that is shown: between tags, in an attribute or a property that is read, or put into a page by hand. */
function shown(node: ts.Node): string | undefined {
  if (ts.isJsxText(node)) return node.text
  if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) return text(node)
  if (ts.isJsxAttribute(node) && SPOKEN.has(node.name.getText())) return text(node.initializer)
  if (ts.isPropertyAssignment(node)) {
    const [name, said] = [node.name.getText().replace(/['"]/g, ''), text(node.initializer)]
    return SPOKEN.has(name) && said !== name ? said : undefined // `text: 'text'` is a kind
  }
  if (ts.isBinaryExpression(node) && ts.isPropertyAccessExpression(node.left) && SPOKEN.has(node.left.name.text)) return text(node.right)
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'setAttribute' && SPOKEN.has(text(node.arguments[0]) ?? '')) return text(node.arguments[1])
  return undefined
}

/** Where elements are made by hand nothing tells a class from a sentence, but that a sentence begins with a capital letter. */
const SENTENCE = /(^|\s)[A-Z][a-z]/

/** Every such literal of a file, in its order. `name` ends in `.tsx` where it has tags. */
export function literals(name: string, source: string): string[] {
  const found: string[] = []
  const byHand = name.endsWith('.js')
  const look = (node: ts.Node): void => {
    const said = shown(node)
    if (said !== undefined && WORD.test(said) && !HAN.test(said)) found.push(said.trim())
    const own = ts.isJsxText(node) || ts.isRegularExpressionLiteral(node) ? node.text : ts.isTemplateExpression(node) || ts.isStringLiteralLike(node) ? text(node) : undefined
    if (own !== undefined && (HAN.test(own) || (byHand && SENTENCE.test(own)))) found.push(own.trim())
    ts.forEachChild(node, look)
  }
  look(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true, name.endsWith('x') ? ts.ScriptKind.TSX : byHand ? ts.ScriptKind.JS : ts.ScriptKind.TS))
  return found
}
