import { colourTable } from '../../shared/colour-maps.ts'
import type { ColourMapName } from '../../shared/figure.ts'

/** A CSS gradient of a colour map, for colour bars; `direction` as in linear-gradient. */
export function gradientOf(name: ColourMapName, direction = 'to right'): string {
  const table = colourTable(name)
  const stops = Array.from({ length: 64 }, (_, i) => {
    const at = Math.round((i / 63) * 255) * 4
    return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`
  })
  return `linear-gradient(${direction}, ${stops.join(', ')})`
}
