import { interpolateCividis, interpolateInferno, interpolateMagma, interpolateViridis } from 'd3-scale-chromatic'
import { blueRed } from './diverging-colours.ts'
import type { ColourMapName } from './figure.ts'
import type { Contrast } from './volumes.ts'

/**
 * How a value becomes a colour, in the window and in figures alike: its share of the contrast's range
 * picks one of 256 colours.
 */

type Rgb = readonly [red: number, green: number, blue: number]

const interpolators: Readonly<Record<ColourMapName, (share: number) => string>> = {
  grey: (share) => {
    const level = Math.round(share * 255)
    return `rgb(${level}, ${level}, ${level})`
  },
  viridis: interpolateViridis,
  magma: interpolateMagma,
  cividis: interpolateCividis,
  inferno: interpolateInferno,
  'blue-red': (share) => `rgb(${blueRed(share).join(', ')})`
}

const tables = new Map<ColourMapName, Uint8Array>()

/** The 256 colours of a map as RGBA bytes, opaque. Shared: never write to it. */
export function colourTable(name: ColourMapName): Uint8Array {
  const known = tables.get(name)
  if (known) return known
  const table = new Uint8Array(256 * 4)
  for (let i = 0; i < 256; i++) table.set([...parseColour(interpolators[name](i / 255)), 255], i * 4)
  tables.set(name, table)
  return table
}

/**
 * Where in the range a value lies, 0 to 1, values outside at the nearest end; after gamma. A range whose low end is
 * above its high end draws inverted.
 */
export function shareOfRange(value: number, { low, high }: Contrast, gamma = 1): number {
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return gamma === 1 ? share : share ** (1 / gamma)
}

/** Index of a share's colour in a table of 256. */
export function colourIndex(share: number): number {
  return Math.floor(share * 255 + 0.5)
}

function parseColour(text: string): Rgb {
  if (text.startsWith('#')) {
    const packed = Number.parseInt(text.slice(1), 16)
    return [(packed >> 16) & 255, (packed >> 8) & 255, packed & 255]
  }
  const [red, green, blue] = (text.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}
