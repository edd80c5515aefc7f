import { isDifference } from '../slices/comparisonModel.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { displayOf, useContrast } from '../stores/contrast.ts'
import { overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { tintRange, type VolumeModel } from '../volume3d/volumeModel.ts'
import type { ColourLegend } from './annotations.ts'
import type { MovieSubject } from './subject.ts'

/** What a picture's colours mean; null where it has none but those of the grey values. */
export function legendOf(subject: MovieSubject): ColourLegend | null {
  return subject.kind === 'slice' ? legendOfSlice(subject.model) : legendOfVolume(subject.model)
}

function legendOfVolume(model: VolumeModel): ColourLegend | null {
  const { tint, group, look } = model
  if (!tint || (look.mode !== 'surface' && look.mode !== 'crossing')) return null
  const { colourMap } = overlayOf(useOverlay.getState(), group)
  return { quantity: tint.quantity, colours: colourMap, ...tintRange(model) }
}

/** The difference's, or the overlay's. */
function legendOfSlice({ comparison, overlay, base, tomogram, contrastScope }: PaneModel): ColourLegend | null {
  if (comparison && comparison.relation.kind !== 'different' && isDifference(comparison.settings)) {
    const { halfRange, settings } = comparison
    const quantity = settings.mode === 'deviation' ? 'A − B (standard deviations)' : 'A − B (grey value)'
    return { quantity, low: -halfRange, high: halfRange, colours: 'blue-red' }
  }
  // The palette that mutes uncertain values has a key of two dimensions: it is not drawn.
  if (!overlay || overlay.settings.style === 'value-suppressing') return null
  const { low, high } = displayOf(useContrast.getState(), base, tomogram, contrastScope)
  const range = overlayRange(overlay.settings, overlay.volume, high - low)
  return { quantity: overlay.volume.quantity, colours: overlay.settings.colourMap, ...range }
}
