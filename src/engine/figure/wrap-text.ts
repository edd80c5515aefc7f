import type { FontMetrics } from './font-metrics.ts'

/** Breaks text into lines no wider than `width` (in units of the font size), between words; line breaks are kept. */
export function wrapText(text: string, width: number, font: FontMetrics): string[] {
  return text
    .trim()
    .split(/\r?\n/)
    .flatMap((paragraph) => wrapParagraph(paragraph.trim(), width, font))
}

function wrapParagraph(paragraph: string, width: number, font: FontMetrics): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of paragraph.split(/[ \t]+/).flatMap((each) => pieces(each, width, font))) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && font.width(longer) > width) {
      lines.push(line)
      line = word
    } else line = longer
  }
  return [...lines, line]
}

/** A word that alone is too wide (a path, a hash) is cut. */
function pieces(word: string, width: number, font: FontMetrics): string[] {
  if (font.width(word) <= width) return [word]
  const parts: string[] = []
  let part = ''
  for (const character of word) {
    if (part !== '' && font.width(part + character) > width) {
      parts.push(part)
      part = ''
    }
    part += character
  }
  return [...parts, part]
}
