import { colourIndex, colourTable } from './colour-maps.ts'
import type { ColourMapName } from './figure.ts'

/**
 * Value-suppressing uncertainty palette of Correll, Moritz and Heer, "Value-Suppressing Uncertainty Palettes" (CHI 2018): a tree of value bins
 * that merge two by two as uncertainty rises, while their colours fade to one grey. So what is uncertain can't be told apart.
 *
 * Row 0 is the most certain and has 2^(rows - 1) bins; the last has one.
 */
export const treeRows = { least: 2, usual: 4, most: 5 } as const

/** What everything fades to; the middle of the greys, so that it draws no attention on dark or light. */
export const suppressedColour: readonly [number, number, number] = [128, 128, 128]

/** Bins of value in a row of the tree. */
export function binsInRow(row: number, rows: number): number {
  return 2 ** (rows - 1 - row)
}

/** Colour of a bin as sRGB bytes (not rounded). */
export function binColour(name: ColourMapName, bin: number, row: number, rows: number): [number, number, number] {
  const from = 4 * colourIndex((bin + 0.5) / binsInRow(row, rows))
  const table = colourTable(name)
  const faded = rows > 1 ? row / (rows - 1) : 0
  return [0, 1, 2].map((part) => table[from + part] * (1 - faded) + suppressedColour[part] * faded) as [
    number,
    number,
    number
  ]
}
