export type Attributes = Readonly<Record<string, string | number>>

/** An element as text; `inside` is markup already. */
export function tag(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(attributeText(value))}"`)
  const start = `<${name}${written.join('')}`
  return inside === '' ? `${start}/>` : `${start}>${inside}</${name}>`
}

/** What XML can't hold is left out: control characters and lone surrogates. */
export function escaped(content: string): string {
  return content
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** Six decimals: far below what any printer resolves, and no 1e-7 that a reader may not understand. */
function attributeText(value: string | number): string {
  return typeof value === 'string' ? value : String(Number(value.toFixed(6)))
}
