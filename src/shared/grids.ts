import { wholeBox, type Axis, type Box, type XYZ } from './axes.ts'
import type { OpenVolume } from './volumes.ts'

/**
 * How the voxels of two volumes lie to each other. Positions are continuous voxel coordinates: voxel i covers
 * [i, i + 1); lengths are in Angstrom.
 */
export type Gridded = Pick<OpenVolume, 'id' | 'name' | 'info' | 'region'>

export type GridRelation =
  /** Voxel by voxel the same. */
  | { kind: 'equal' }
  /** Of one tomogram, and one box lies within the other: compared where both have voxels. */
  | { kind: 'nested'; box: Box }
  /** `differences`: each a phrase, this volume against the other. */
  | { kind: 'different'; differences: readonly string[]; resamplable: boolean; why: string }

const axes: readonly Axis[] = ['x', 'y', 'z']

function perAxis(value: (axis: Axis) => number): XYZ {
  return { x: value('x'), y: value('y'), z: value('z') }
}

export function compareGrids(a: Gridded, b: Gridded): GridRelation {
  return tomogramId(a) === tomogramId(b) ? compareBoxes(boxOf(a), boxOf(b)) : compareFiles(a, b)
}

/** Of maps of one tomogram: their boxes on its grid. */
function compareBoxes(a: Box, b: Box): GridRelation {
  const common = commonBox(a, b)
  if (common && sameBox(common, a) && sameBox(common, b)) return { kind: 'equal' }
  if (common && (sameBox(common, a) || sameBox(common, b))) return { kind: 'nested', box: common }
  const differences = axes
    .filter((axis) => a[axis][0] !== b[axis][0] || a[axis][1] !== b[axis][1])
    .map((axis) => `${axis} ${range(a[axis])} against ${range(b[axis])}`)
  return {
    kind: 'different',
    differences: [`the regions differ: ${differences.join(', ')}`],
    resamplable: common !== null,
    why: common ? '' : 'The regions have no voxel in common.'
  }
}

function compareFiles(a: Gridded, b: Gridded): GridRelation {
  const differences: string[] = []
  const sizes = [a.info.size, b.info.size]
  const voxels = [a.info.voxelSizeAngstrom, b.info.voxelSizeAngstrom]
  const [voxelA, voxelB] = voxels
  const sameSize = axes.every((axis) => sizes[0][axis] === sizes[1][axis])
  if (!sameSize) differences.push(`the size is ${inVoxels(sizes[0])} against ${inVoxels(sizes[1])} voxels`)
  if (voxelA && voxelB) {
    // A difference in the header's last digits that moves no voxel by half its size is none.
    const same = axes.every((axis) => Math.abs(voxelB[axis] / voxelA[axis] - 1) * sizes[0][axis] < 0.5)
    if (!same) differences.push(`the voxel size is ${inAngstrom(voxelA)} against ${inAngstrom(voxelB)} Å`)
    const offset = cornerOffset(a, b)
    const elsewhere = offset !== null && axes.some((axis) => Math.abs(offset[axis]) > 0.5 * voxelA[axis])
    if (elsewhere) differences.push(`the box begins ${inNm(offset)} nm away`)
  }
  if (differences.length === 0) return { kind: 'equal' }
  if (!voxelA || !voxelB) {
    const why = `${(voxelA ? b : a).name} tells no voxel size, so that their positions can’t be related.`
    return { kind: 'different', differences, resamplable: false, why }
  }
  const overlap = axes.every((axis) => {
    const low =
      voxelBetween(
        a,
        b,
        perAxis(() => 0)
      )?.[axis] ?? 0
    const high = voxelBetween(a, b, sizes[0])?.[axis] ?? 0
    return Math.min(high, sizes[1][axis]) > Math.max(low, 0)
  })
  return {
    kind: 'different',
    differences,
    resamplable: overlap,
    why: overlap ? '' : 'By their headers the two cover no common place.'
  }
}

/** Where the corner of `b` lies from that of `a`; null where a voxel size is missing. */
export function cornerOffset(a: Gridded, b: Gridded): XYZ | null {
  const [voxelA, voxelB] = [a.info.voxelSizeAngstrom, b.info.voxelSizeAngstrom]
  if (!voxelA || !voxelB) return null
  if (tomogramId(a) === tomogramId(b)) {
    const [boxA, boxB] = [boxOf(a), boxOf(b)]
    return perAxis((axis) => (boxB[axis][0] - boxA[axis][0]) * voxelA[axis])
  }
  const [cornerA, cornerB] = [cornerOf(a, voxelA), cornerOf(b, voxelB)]
  const sameExtent = axes.every((axis) => {
    const difference = a.info.size[axis] * voxelA[axis] - b.info.size[axis] * voxelB[axis]
    return Math.abs(difference) <= Math.max(voxelA[axis], voxelB[axis])
  })
  // Programs often drop the origin; a volume as large as another lies where the other does unless both say otherwise.
  if (sameExtent && (isZero(cornerA) || isZero(cornerB))) return { x: 0, y: 0, z: 0 }
  return perAxis((axis) => cornerB[axis] - cornerA[axis])
}

/**
 * The position in `b` of a position in `a`: by way of nm where both have voxel sizes, else only between volumes of
 * equal size. Null where they can't be related.
 */
export function voxelBetween(a: Gridded, b: Gridded, position: XYZ): XYZ | null {
  const offset = cornerOffset(a, b)
  const [voxelA, voxelB] = [a.info.voxelSizeAngstrom, b.info.voxelSizeAngstrom]
  if (offset && voxelA && voxelB)
    return perAxis((axis) => (position[axis] * voxelA[axis] - offset[axis]) / voxelB[axis])
  return axes.every((axis) => a.info.size[axis] === b.info.size[axis]) ? position : null
}

/** Where a file places its first voxel: by its origin, or where that is zero by its start indices, as ChimeraX does. */
function cornerOf({ info }: Gridded, voxel: XYZ): XYZ {
  return isZero(info.origin) ? perAxis((axis) => info.start[axis] * voxel[axis]) : info.origin
}

function tomogramId({ id, region }: Gridded): string {
  return region?.tomogram ?? id
}

function boxOf({ info, region }: Gridded): Box {
  return region?.box ?? wholeBox(info.size)
}

function commonBox(a: Box, b: Box): Box | null {
  const common: Box = { x: [0, 0], y: [0, 0], z: [0, 0] }
  for (const axis of axes) common[axis] = [Math.max(a[axis][0], b[axis][0]), Math.min(a[axis][1], b[axis][1])]
  return axes.every((axis) => common[axis][1] > common[axis][0]) ? common : null
}

function sameBox(a: Box, b: Box): boolean {
  return axes.every((axis) => a[axis][0] === b[axis][0] && a[axis][1] === b[axis][1])
}

function isZero({ x, y, z }: XYZ): boolean {
  return x === 0 && y === 0 && z === 0
}

const range = ([from, to]: readonly [number, number]): string => `${from} to ${to - 1}`
const inVoxels = ({ x, y, z }: XYZ): string => `${x} × ${y} × ${z}`

function inAngstrom({ x, y, z }: XYZ): string {
  const text = [x, y, z].map((length) => String(Number(length.toPrecision(4))))
  return new Set(text).size === 1 ? text[0] : text.join(' × ')
}

function inNm(offset: XYZ): string {
  return axes.map((axis) => `${axis} ${Number((offset[axis] / 10).toPrecision(3))}`).join(', ')
}
