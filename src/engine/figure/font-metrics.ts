/** Widths of text in a TrueType font, enough to wrap and centre lines. OpenType 1.9: cmap, head, hhea, hmtx. */
export interface FontMetrics {
  /** Width of a line in units of the font size. */
  width(text: string): number
}

export function fontMetrics(file: Uint8Array): FontMetrics {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const tables = tableOffsets(view)
  const at = (tag: string): number => {
    const offset = tables.get(tag)
    if (offset === undefined) throw new Error(`the font has no ${tag} table`)
    return offset
  }
  const unitsPerEm = view.getUint16(at('head') + 18)
  const advanceCount = view.getUint16(at('hhea') + 34)
  const hmtx = at('hmtx')
  const glyphOf = characterMap(view, at('cmap'))
  const widths = new Map<number, number>()
  const widthOf = (codePoint: number): number => {
    const known = widths.get(codePoint)
    if (known !== undefined) return known
    // Glyphs beyond the last advance share it.
    const glyph = Math.min(glyphOf(codePoint), advanceCount - 1)
    const width = view.getUint16(hmtx + glyph * 4) / unitsPerEm
    widths.set(codePoint, width)
    return width
  }
  return {
    width: (text) => [...text].reduce((sum, character) => sum + widthOf(character.codePointAt(0) ?? 0), 0)
  }
}

function tableOffsets(view: DataView): Map<string, number> {
  const tables = new Map<string, number>()
  for (let i = 0; i < view.getUint16(4); i++) {
    const record = 12 + i * 16
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((byte) => view.getUint8(record + byte)))
    tables.set(tag, view.getUint32(record + 8))
  }
  return tables
}

/** The font's Unicode characters as glyph numbers (cmap format 4, the basic plane); 0 is the missing glyph. */
function characterMap(view: DataView, cmap: number): (codePoint: number) => number {
  const subtables = Array.from({ length: view.getUint16(cmap + 2) }, (_, i) => cmap + view.getUint32(cmap + 8 + i * 8))
  const table = subtables.find((offset) => view.getUint16(offset) === 4)
  if (table === undefined) throw new Error('the font has no character map of format 4')
  const segments = view.getUint16(table + 6) / 2
  const ends = table + 14
  const starts = ends + 2 * segments + 2
  const deltas = starts + 2 * segments
  const rangeOffsets = deltas + 2 * segments
  return (codePoint) => {
    for (let i = 0; i < segments; i++) {
      if (view.getUint16(ends + 2 * i) < codePoint) continue
      const start = view.getUint16(starts + 2 * i)
      if (start > codePoint) return 0
      const delta = view.getInt16(deltas + 2 * i)
      const rangeOffset = view.getUint16(rangeOffsets + 2 * i)
      if (rangeOffset === 0) return (codePoint + delta) & 0xffff
      const glyph = view.getUint16(rangeOffsets + 2 * i + rangeOffset + 2 * (codePoint - start))
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return 0
  }
}
