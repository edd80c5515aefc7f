import type { OpenVolume } from '../../shared/volumes.ts'
import { maxContours, overlayRange, type Overlay } from '../stores/overlay.ts'
import { colourTexture, type SliceUniforms } from './sliceMaterial.ts'

/** Width of contour lines in CSS pixels, at any zoom. */
const contourWidth = 1.5

/** How the overlay is drawn: its colours, range, threshold, opacity, contour lines, and palette. `valueWindow`: range of the grey values drawn. */
export function updateOverlay(
  uniforms: SliceUniforms,
  settings: Overlay,
  volume: OpenVolume,
  drawn: { pixelRatio: number; valueWindow: number | null }
): void {
  const range = overlayRange(settings, volume, drawn.valueWindow)
  uniforms.uOverlayColours.value = colourTexture(settings.colourMap)
  uniforms.uOverlayLayer.value.range.set(range.low, range.high)
  uniforms.uOpacity.value = settings.opacity
  uniforms.uOpacityByValue.value = settings.opacityByValue
  uniforms.uHasThreshold.value = settings.threshold !== null
  uniforms.uThreshold.value = settings.threshold ?? 0
  const levels = settings.contours.slice(0, maxContours)
  uniforms.uContourCount.value = levels.length
  uniforms.uContours.value.fill(0)
  uniforms.uContours.value.set(levels)
  uniforms.uContourWidth.value = contourWidth * drawn.pixelRatio
  uniforms.uTreeRows.value = settings.style === 'value-suppressing' ? settings.treeRows : 0
  uniforms.uValueColours.value = colourTexture(settings.valueColours)
}
