import { planeAxes, type Box, type Plane, type XYZ } from '../../shared/axes.ts'
import { compareGrids, type GridRelation } from '../../shared/grids.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Comparison } from '../stores/comparison.ts'
import { displayOf, useContrast } from '../stores/contrast.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { withPart } from '../uncertainty/parts.ts'
import type { View } from '../stores/view.ts'

/** A pane's comparison of its volume, A, with another, B. */
export interface ComparisonModel {
  settings: Comparison
  other: OpenVolume
  otherTomogram: OpenVolume
  relation: GridRelation
  /** Where B's first voxel lies in the voxels of A's tomogram. */
  corner: XYZ
  /** The SD map of A's or B's run, where there is one. */
  spread: OpenVolume | null
  /** Half of the range of the colour bar: A - B, or in standard deviations. */
  halfRange: number
}

export function comparisonModel(
  base: OpenVolume,
  settings: Comparison | null,
  contrastScope: string
): ComparisonModel | null {
  const { volumes } = useVolumes.getState()
  const whole = settings?.volumeId ? volumes[settings.volumeId] : undefined
  if (!settings || !whole) return null
  const other = withPart(whole)
  const tomogram = volumes[tomogramOf(base)] ?? base
  const { low, high } = displayOf(useContrast.getState(), base, tomogram, contrastScope)
  const isDeviation = settings.mode === 'deviation'
  return {
    settings,
    other,
    otherTomogram: volumes[tomogramOf(other)] ?? other,
    relation: compareGrids(base, other),
    corner: cornerIn(tomogramOf(base) === tomogramOf(other) ? other : base),
    spread: spreadOf(base, other),
    halfRange: isDeviation ? settings.deviations : (settings.range ?? Math.abs(high - low) / 2)
  }
}

export function isDifference({ mode }: Comparison): boolean {
  return mode === 'difference' || mode === 'deviation'
}

/** B's slice at the crosshair; null where B has none there, or where the two can't be compared. */
export function otherIndex({ other, corner, relation }: ComparisonModel, view: View, plane: Plane): number | null {
  const { normal } = planeAxes[plane]
  const index = view.cursor[normal] - corner[normal]
  return relation.kind !== 'different' && index >= 0 && index < other.info.size[normal] ? index : null
}

/** The box, in voxels of A's tomogram, that both have. */
export function comparedBox(base: OpenVolume, { relation, other, corner }: ComparisonModel): Box {
  if (relation.kind === 'nested') return relation.box
  const { size } = other.info
  return (
    base.region?.box ?? {
      x: [corner.x, corner.x + size.x],
      y: [corner.y, corner.y + size.y],
      z: [corner.z, corner.z + size.z]
    }
  )
}

function cornerIn({ region }: OpenVolume): XYZ {
  return { x: region?.box.x[0] ?? 0, y: region?.box.y[0] ?? 0, z: region?.box.z[0] ?? 0 }
}

function spreadOf(base: OpenVolume, other: OpenVolume): OpenVolume | null {
  const { volumes, order } = useVolumes.getState()
  for (const { runId } of [base, other]) {
    const id = runId === null ? undefined : order.find((key) => isSpread(volumes[key], runId, base))
    if (id !== undefined) return volumes[id]
  }
  return null
}

/** Of the same tomogram, so that its voxels are A's. */
function isSpread(volume: OpenVolume, runId: string, base: OpenVolume): boolean {
  return volume.role === 'std' && volume.runId === runId && tomogramOf(volume) === tomogramOf(base) && !volume.derived
}
