import type { MrcHeader } from './header.ts'
import type { MrcDtype } from './mode.ts'
import type { RepairLog } from './repair.ts'

/** One value along each spatial axis. */
export interface Xyz {
  x: number
  y: number
  z: number
}

const axes = ['x', 'y', 'z'] as const

/** Grid samplings above this are garbage: no detector or crystal has a million samples along a cell edge. */
const absurdSampling = 1_000_000
/** Voxels between a thousandth of an angstrom and a millimetre are believed. */
const smallestVoxelAngstrom = 1e-3
const largestVoxelAngstrom = 1e7

/**
 * Voxel size (cell / grid sampling, MRC2014) in angstrom, or null when the header does not know it, and the origin.
 * `size` are the numbers of voxels along x, y, z.
 */
export function interpretCell(
  header: MrcHeader,
  size: Xyz,
  dtype: MrcDtype,
  log: RepairLog
): { voxelSizeAngstrom: Xyz | null; origin: Xyz } {
  const sampling = { x: header.mx, y: header.my, z: header.mz }
  // IMOD doubles mx together with nx where a byte holds two voxels.
  if (header.mode === 0 && dtype === 'uint4' && header.mx === header.nx) sampling.x *= 2
  const voxel = { x: 0, y: 0, z: 0 }
  const unknown: string[] = []
  const badSampling = axes.filter((axis) => !(sampling[axis] > 0 && sampling[axis] <= absurdSampling))
  for (const axis of badSampling) sampling[axis] = size[axis]
  for (const axis of axes) {
    voxel[axis] = cellLength(header, axis, dtype) / sampling[axis]
    if (!(voxel[axis] >= smallestVoxelAngstrom && voxel[axis] <= largestVoxelAngstrom)) unknown.push(axis)
  }
  if (badSampling.length > 0) {
    const found = `${header.mx}, ${header.my}, ${header.mz}`
    const used = `${sampling.x}, ${sampling.y}, ${sampling.z}`
    log.repair('grid-sampling', `The grid sampling mx, my, mz is ${found} [${used}, from the size].`)
  }
  return { voxelSizeAngstrom: completeVoxel(header, voxel, unknown, log), origin: interpretOrigin(header, log) }
}

function cellLength(header: MrcHeader, axis: 'x' | 'y' | 'z', dtype: MrcDtype): number {
  const doubled = axis === 'x' && header.mode === 0 && dtype === 'uint4' && header.mx === header.nx
  return header.cella[axis] * (doubled ? 2 : 1)
}

function completeVoxel(header: MrcHeader, voxel: Xyz, unknown: string[], log: RepairLog): Xyz | null {
  if (unknown.length === 0) return voxel
  const { x, y, z } = header.cella
  if (unknown.length === 3) {
    const zero = x === 0 && y === 0 && z === 0
    const message = `The cell size is ${x}, ${y}, ${z} [voxel size unknown].`
    if (zero) log.note('cell-unknown', message)
    else log.repair('cell-unknown', message)
    return null
  }
  // A missing third length is common for images and stacks; pixels are square there.
  const known = axes.find((axis) => !unknown.includes(axis)) ?? 'x'
  const completed = { ...voxel }
  for (const axis of axes) if (unknown.includes(axis)) completed[axis] = voxel[known]
  log.repair(
    'cell-incomplete',
    `The cell size is ${x}, ${y}, ${z} [voxel size along ${unknown.join(' and ')} taken from ${known}].`
  )
  return completed
}

function interpretOrigin(header: MrcHeader, log: RepairLog): Xyz {
  const { x, y, z } = header.origin
  if ([x, y, z].every(Number.isFinite)) return { x, y, z }
  log.repair('origin', `The origin ${x}, ${y}, ${z} is not finite [0].`)
  return { x: finiteOrZero(x), y: finiteOrZero(y), z: finiteOrZero(z) }
}

function finiteOrZero(value: number): number {
  return Number.isFinite(value) ? value : 0
}
