import { escaped, tag } from '../../../figure/markup.ts'
import type { Attributes } from '../../../figure/markup.ts'

export { escaped } from '../../../figure/markup.ts'

/** An element of the report; its content is markup already. */
export function element(name: string, attributes: Attributes, ...content: string[]): string {
  return tag(name, attributes, content.join(''))
}

export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content))
}
