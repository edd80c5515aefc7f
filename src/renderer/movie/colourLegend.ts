import { isDifference } from '../slices/comparisonModel.ts'
import { drawnState } from '../slices/drawnState.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { displayOf, drawnRange } from '../stores/contrast.ts'
import { overlayOf, overlayRange } from '../stores/overlay.ts'
import { greyRange, tintRange } from '../volume3d/volumeModel.ts'
import type { ColourLegend } from './annotations.ts'
import type { MovieSubject } from './subject.ts'

/** What a picture's colours mean; null where it has none but those of the grey values. */
export function legendOf(subject: MovieSubject): ColourLegend | null {
  return subject.kind === 'slice' ? legendOfSlice(subject.model) : legendOfVolume(subject)
}

function legendOfVolume({ model, block }: Extract<MovieSubject, { kind: 'volume' }>): ColourLegend | null {
  const { tint, group, look, base } = model
  const { overlays } = model.fixed ?? drawnState()
  if (look.mode === 'surface' || look.mode === 'crossing') {
    if (!tint) return null
    const { colourMap } = overlayOf(overlays, group)
    return { quantity: tint.quantity, colours: colourMap, ...tintRange(model) }
  }
  if (look.colourMap === 'grey') return null
  return { quantity: base.quantity, colours: look.colourMap, ...greyRange(model, block) }
}

/** The difference's, the overlay's, or those of the map itself. */
function legendOfSlice({ comparison, overlay, base, tomogram, contrastScope, fixed }: PaneModel): ColourLegend | null {
  if (comparison && comparison.relation.kind !== 'different' && isDifference(comparison.settings)) {
    const { halfRange, settings } = comparison
    const quantity = settings.mode === 'deviation' ? 'A − B (standard deviations)' : 'A − B (grey value)'
    return { quantity, low: -halfRange, high: halfRange, colours: 'blue-red' }
  }
  // The palette that mutes uncertain values has a key of two dimensions: it is not drawn.
  if (overlay?.settings.style === 'value-suppressing') return null
  const display = displayOf((fixed ?? drawnState()).contrast, base, tomogram, contrastScope)
  const { low, high, colourMap } = display
  if (!overlay)
    return colourMap === 'grey' ? null : { quantity: base.quantity, colours: colourMap, ...drawnRange(display) }
  const range = overlayRange(overlay.settings, overlay.volume, high - low)
  return { quantity: overlay.volume.quantity, colours: overlay.settings.colourMap, ...range }
}
