import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { displayOf, drawnRange } from '../stores/contrast.ts'
import { drawnState, type DrawnState } from '../slices/drawnState.ts'
import { useLayout } from '../stores/layout.ts'
import { overlayOf, overlayRange } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useView, type View } from '../stores/view.ts'
import { currentBase, isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { lookOf, useVolumeView, type VolumeLook } from '../stores/volumeView.ts'
import { useShownBlocks } from '../stores/shownBlocks.ts'
import { automaticVoxels, fullVoxels, memberVoxels } from './blockLimits.ts'
import { firstLevel, type BlockFacts } from './blockFacts.ts'
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
  /** How it is drawn, where that is not by the stores' present state. */
  fixed?: DrawnState
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

/** What levels are guessed from: the block, or for a run's maps the first of them that was shown, so that all of its members have one level. */
function guideOf({ volumeId, facts }: LoadedBlock): BlockFacts {
  const volume = useVolumes.getState().volumes[volumeId]
  const guide = volume?.runId && isGrey(volume) ? useShownBlocks.getState().guides[volume.runId] : undefined
  return guide ?? facts
}

/** Whether dark is dense: what was chosen, else the side on which few voxels stand out. */
export function isDarkDense(look: VolumeLook, block: LoadedBlock): boolean {
  return look.denseIsDark ?? guideOf(block).skewness < 0
}

/** Level of the isosurface in grey values. */
export function levelOf(look: VolumeLook, block: LoadedBlock): number {
  return look.level ?? firstLevel(guideOf(block), isDarkDense(look, block))
}

/** At most so many voxels of a volume are drawn: all members of a family are to fit into memory, in whatever detail. */
export function voxelLimit(volume: OpenVolume, detail: VolumeLook['detail']): number {
  if (volume.role !== 'member') return detail === 'full' ? fullVoxels : automaticVoxels()
  const { volumes } = useVolumes.getState()
  return memberVoxels(Object.values(volumes).filter((other) => isSibling(other, volume)).length)
}

/** Members of one run. */
function isSibling(other: OpenVolume, member: OpenVolume): boolean {
  return other.role === 'member' && other.runId === member.runId && !other.derived
}

/** The members of a member's run that follow it, round and round; none for other volumes. */
export function membersAfter(member: OpenVolume): OpenVolume[] {
  if (member.role !== 'member') return []
  const all = Object.values(useVolumes.getState().volumes).filter((other) => isSibling(other, member))
  const at = all.findIndex(({ id }) => id === member.id)
  return at < 0 ? [] : [...all.slice(at + 1), ...all.slice(0, at)]
}

/** Grey values with the first and the last colour, as in slices; dense last. */
export function greyRange(model: VolumeModel, block: LoadedBlock): { low: number; high: number } {
  const { contrast, volumes } = model.fixed ?? drawnState()
  const tomogram = volumes.volumes[model.group] ?? model.base
  const { low, high } = drawnRange({
    ...displayOf(contrast, model.base, tomogram),
    invert: isDarkDense(model.look, block)
  })
  return { low, high }
}

/** As in the slices beside it where the same map is the overlay there; else its own. */
export function tintRange(model: VolumeModel): { low: number; high: number } {
  if (!model.tint) return { low: 0, high: 1 }
  const overlay = overlayOf((model.fixed ?? drawnState()).overlays, model.group)
  const settings = overlay.volumeId === model.tint.id ? overlay : { ...overlay, low: null, high: null }
  return overlayRange(settings, model.tint)
}
