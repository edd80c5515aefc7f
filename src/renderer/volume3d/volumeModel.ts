import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { displayOf, drawnRange, useContrast } from '../stores/contrast.ts'
import { useLayout } from '../stores/layout.ts'
import { overlayOf, overlayRange, useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useView, type View } from '../stores/view.ts'
import { currentBase, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { lookOf, useVolumeView, type VolumeLook } from '../stores/volumeView.ts'
import { firstLevel } from './blockFacts.ts'
import type { LoadedBlock } from './loadBlock.ts'

/** What a 3-D pane shows, gathered from the stores. */
export interface VolumeModel {
  paneId: string
  base: OpenVolume
  tint: OpenVolume | null
  group: string
  view: View
  look: VolumeLook
  /** The part of the base that is shown, in its own voxels; null: all of it. */
  box: Box | null
}

/** Null while there is nothing to show. Reads the stores' present state. */
export function volumeModel(paneId: string): VolumeModel | null {
  const pane = useLayout.getState().panes.find(({ id }) => id === paneId)
  if (pane?.kind !== 'volume') return null
  const volumes = useVolumes.getState()
  const base = pane.volumeId === null ? currentBase(volumes) : volumes.volumes[pane.volumeId]
  if (!base) return null
  const group = tomogramOf(base)
  const view = useView.getState().views[group]
  if (!view) return null
  const look = lookOf(useVolumeView.getState(), paneId)
  const tint = look.tintId === null ? null : (volumes.volumes[look.tintId] ?? null)
  const region = useRegion.getState().boxes[group] ?? null
  const box = look.regionOnly && region ? withinVolume(region, base) : null
  return { paneId, base, tint: tint && tomogramOf(tint) === group ? tint : null, group, view, look, box }
}

const axes: readonly Axis[] = ['x', 'y', 'z']

/** A box of the tomogram in a volume's own voxels; null where they have nothing in common. */
export function withinVolume(box: Box, volume: OpenVolume): Box | null {
  const inside: Box = { x: [0, 0], y: [0, 0], z: [0, 0] }
  for (const axis of axes) {
    const low = volume.region?.box[axis][0] ?? 0
    const range: [number, number] = [
      Math.max(0, box[axis][0] - low),
      Math.min(volume.info.size[axis], box[axis][1] - low)
    ]
    if (range[0] >= range[1]) return null
    inside[axis] = range
  }
  return inside
}

/** Corners of a box of a volume's own voxels in the world: x voxels of the tomogram. */
export function worldCorners(box: Box, volume: OpenVolume, aspect: XYZ): { low: XYZ; high: XYZ } {
  const corner = (end: 0 | 1): XYZ => {
    const at = (axis: Axis): number => ((volume.region?.box[axis][0] ?? 0) + box[axis][end]) * aspect[axis]
    return { x: at('x'), y: at('y'), z: at('z') }
  }
  return { low: corner(0), high: corner(1) }
}

/** Whether dark is dense: what was chosen, else the side on which few voxels stand out. */
export function isDarkDense(look: VolumeLook, block: LoadedBlock): boolean {
  return look.denseIsDark ?? block.facts.skewness < 0
}

/** Level of the isosurface in grey values. */
export function levelOf(look: VolumeLook, block: LoadedBlock): number {
  return look.level ?? firstLevel(block.facts, isDarkDense(look, block))
}

/** Grey values with the first and the last colour, as in slices; dense last. */
export function greyRange(model: VolumeModel, block: LoadedBlock): { low: number; high: number } {
  const tomogram = useVolumes.getState().volumes[model.group] ?? model.base
  const { low, high } = drawnRange({
    ...displayOf(useContrast.getState(), model.base, tomogram),
    invert: isDarkDense(model.look, block)
  })
  return { low, high }
}

/** As in the slices beside it where the same map is the overlay there; else its own. */
export function tintRange(model: VolumeModel): { low: number; high: number } {
  if (!model.tint) return { low: 0, high: 1 }
  const overlay = overlayOf(useOverlay.getState(), model.group)
  const settings = overlay.volumeId === model.tint.id ? overlay : { ...overlay, low: null, high: null }
  return overlayRange(settings, model.tint)
}
