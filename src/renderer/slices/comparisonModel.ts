import { planeAxes, type Plane, type XYZ } from '../../shared/axes.ts'
import { compareGrids, type GridRelation } from '../../shared/grids.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { isExact, type Slice } from '../api/sliceCache.ts'
import type { Comparison } from '../stores/comparison.ts'
import { displayOf } from '../stores/contrast.ts'
import { tomogramOf } from '../stores/volumes.ts'
import { drawnState, type DrawnState } from './drawnState.ts'
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
  contrastScope: string,
  { contrast, volumes: open }: Pick<DrawnState, 'contrast' | 'volumes'> = drawnState()
): ComparisonModel | null {
  const { volumes } = open
  const whole = settings?.volumeId ? volumes[settings.volumeId] : undefined
  if (!settings || !whole) return null
  const other = withPart(whole)
  const tomogram = volumes[tomogramOf(base)] ?? base
  const { low, high } = displayOf(contrast, base, tomogram, contrastScope)
  const isDeviation = settings.mode === 'deviation'
  return {
    settings,
    other,
    otherTomogram: volumes[tomogramOf(other)] ?? other,
    relation: compareGrids(base, other),
    corner: cornerIn(tomogramOf(base) === tomogramOf(other) ? other : base),
    spread: spreadOf(base, other, open),
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

/** B's value at a voxel of A's tomogram in the slice that is drawn; null where it does not hold it. */
export function otherValue({ other, corner }: ComparisonModel, slice: Slice | null, voxel: XYZ): number | null {
  if (!slice || slice.volumeId !== other.id || !isExact(slice)) return null
  const { normal, column, row } = planeAxes[slice.plane]
  if (voxel[normal] - corner[normal] !== slice.index) return null
  const [x, y] = [voxel[column] - corner[column], voxel[row] - corner[row]]
  return x < 0 || y < 0 || x >= slice.columns || y >= slice.rows ? null : slice.values[y * slice.columns + x]
}

function cornerIn({ region }: OpenVolume): XYZ {
  return { x: region?.box.x[0] ?? 0, y: region?.box.y[0] ?? 0, z: region?.box.z[0] ?? 0 }
}

function spreadOf(base: OpenVolume, other: OpenVolume, { volumes, order }: DrawnState['volumes']): OpenVolume | null {
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
