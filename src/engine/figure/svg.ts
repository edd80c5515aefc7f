/** Attributes of a drawn element in user units, which are points here. */
export type Attributes = Readonly<Record<string, string | number>>

/** A figure is drawn as a tree of SVG elements once, and written as SVG, pixels or PDF from it. */
export interface Drawn {
  name: string
  attributes: Attributes
  children: readonly Drawn[]
  /** What a text element says. */
  text?: string
}

export function element(name: string, attributes: Attributes, ...children: Drawn[]): Drawn {
  return { name, attributes, children }
}

export function text(content: string, attributes: Attributes): Drawn {
  return { name: 'text', attributes, children: [], text: content }
}

/** The tree as SVG text. */
export function svgText({ name, attributes, children, text: content }: Drawn): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(attributeText(value))}"`)
  const start = `<${name}${written.join('')}`
  const inside = content === undefined ? children.map(svgText).join('') : escaped(content)
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
