import type { OpenVolume } from '../../shared/volumes.ts'

/** What a colour bar of a difference says, with its unit. */
export function differenceQuantity(a: OpenVolume, b: OpenVolume, inDeviations: boolean): string {
  if (inDeviations) return 'A − B (standard deviations)'
  const unit = b.role === null || a.role === null ? 'grey value' : b.quantity.replace(/.*\((.*)\)/, '$1')
  return `A − B (${unit})`
}
