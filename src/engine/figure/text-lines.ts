import type { Letters } from './drawn-panel.ts'
import { text } from './svg.ts'
import type { Attributes, Drawn } from './svg.ts'
import { wrapText } from './wrap-text.ts'

const lineHeight = 1.25

/** Text broken into lines no wider than `width` points. */
export function linesWithin(words: string, width: number, size: number, { font }: Pick<Letters, 'font'>): string[] {
  return wrapText(words, width / size, font)
}

/** Height in points from the first line's top to the last line's foot. */
export function linesHeight(count: number, size: number): number {
  return count === 0 ? 0 : (1.25 + (count - 1) * lineHeight) * size
}

/** Lines one below the other, the first line's baseline at `y`. */
export function drawnLines(lines: readonly string[], y: number, size: number, attributes: Attributes): Drawn[] {
  return lines.map((line, i) => text(line, { ...attributes, y: y + i * lineHeight * size, 'font-size': size }))
}
