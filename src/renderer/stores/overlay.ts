import { create } from 'zustand'
import type { ColourMapName } from '../../shared/figure.ts'
import { treeRows } from '../../shared/value-suppressing.ts'
import type { OpenVolume } from '../../shared/volumes.ts'

/** The colour overlay of a tomogram: one map of a run, drawn over the base. */
export interface Overlay {
  volumeId: string | null
  visible: boolean
  colourMap: ColourMapName
  /** Range of the colour bar; null follows the map's own robust limits. */
  low: number | null
  high: number | null
  /** Values below are not drawn. */
  threshold: number | null
  /** At and above the top of the range. */
  opacity: number
  opacityByValue: boolean
  /** Values at which lines are drawn, ascending. */
  contours: readonly number[]
  /** Colours over the grey values, or the grey values themselves coloured by the value-suppressing palette. */
  style: 'colours' | 'value-suppressing'
  /** Rows of that palette: 4 tell 8, 4, 2 and 1 bins of value apart. */
  treeRows: number
  /** What its most certain row is coloured with. */
  valueColours: ColourMapName
}

/** The shader draws no more levels. */
export const maxContours = 16

export const defaultOverlay: Overlay = {
  volumeId: null,
  visible: true,
  colourMap: 'magma',
  low: null,
  high: null,
  threshold: null,
  opacity: 0.6,
  opacityByValue: true,
  contours: [],
  style: 'colours',
  treeRows: treeRows.usual,
  valueColours: 'viridis'
}

/** By tomogram. */
export const useOverlay = create<{ overlays: Readonly<Record<string, Overlay>> }>()(() => ({ overlays: {} }))

export function overlayOf(state: { overlays: Readonly<Record<string, Overlay>> }, tomogram: string | null): Overlay {
  return (tomogram !== null && state.overlays[tomogram]) || defaultOverlay
}

export function editOverlay(tomogram: string, edit: Partial<Overlay>): void {
  useOverlay.setState((state) => ({
    overlays: { ...state.overlays, [tomogram]: { ...overlayOf(state, tomogram), ...edit } }
  }))
}

/** Chains that agree have 1; Gelman and Rubin's own limit of what to accept is 1.2. */
const rHatRange = { low: 1, high: 1.2 }

/** Two bins of value are told apart where each is at least this many SDs wide. */
const sdsInBin = 2

/**
 * Range that is drawn. Shares and probabilities have a natural one. Spreads start at zero: stretched over their own
 * range, the sampling noise of an even SD would look like structure. The value-suppressing palette merges bins of value where the SD no
 * longer tells them apart: it ends where not even the two halves of `valueWindow`, the range of values drawn, are two SDs wide.
 */
export function overlayRange(
  overlay: Overlay,
  volume: OpenVolume,
  valueWindow: number | null = null
): { low: number; high: number } {
  const bounded = volume.role === 'wedge-share' || volume.role === 'probability'
  const ofChains = volume.role === 'r-hat'
  const low = overlay.low ?? (ofChains ? rHatRange.low : 0)
  const suppressing = overlay.style === 'value-suppressing' && volume.role === 'std' && valueWindow !== null
  const automatic = ofChains
    ? rHatRange.high
    : bounded
      ? 1
      : suppressing
        ? valueWindow / 2 / sdsInBin
        : volume.contrast.high
  const high = overlay.high ?? automatic
  return { low, high: high > low ? high : low + 1e-6 }
}
