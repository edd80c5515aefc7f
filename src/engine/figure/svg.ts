import { escaped, tag } from './markup.ts'
import type { Attributes } from './markup.ts'

export type { Attributes } from './markup.ts'

/** A figure is drawn as a tree of SVG elements once, in points, and written as SVG, pixels or PDF from it. */
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
  return tag(name, attributes, content === undefined ? children.map(svgText).join('') : escaped(content))
}
