import type { Axis, XYZ } from '../../shared/axes.ts'
import { boxSize } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { VolumeLook } from '../stores/volumeView.ts'
import { automaticVoxels, fullVoxels } from './blockLimits.ts'
import { longestSide } from './graphicsLimits.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { bytesOf } from './voxels/codes.ts'

const axes: readonly Axis[] = ['x', 'y', 'z']

/** How many voxels one texel of the block is the mean of, along each axis; null where it is one. */
export function averagedVoxels({ box, size }: Pick<LoadedBlock, 'box' | 'size'>): string | null {
  const voxels = boxSize(box)
  const each = axes.map((axis) => Math.round(voxels[axis] / size[axis]))
  return each.some((count) => count > 1) ? each.join(' × ') : null
}

/** Whether full detail would draw each voxel of a volume that is averaged now. Members share memory: theirs is always automatic. */
export function isFullExact({ info, role }: OpenVolume, { detail, regionOnly }: VolumeLook): boolean {
  const { x, y, z } = info.size
  const fits = x * y * z <= fullVoxels && Math.max(x, y, z) <= longestSide()
  return detail === 'automatic' && !regionOnly && fits && offersFull({ info, role })
}

/** Whether there is a choice. */
export function offersFull({ info: { size }, role }: Pick<OpenVolume, 'info' | 'role'>): boolean {
  return role !== 'member' && size.x * size.y * size.z > automaticVoxels()
}

/** What is on the graphics card, in words: "256 × 256 × 128 means of 2 × 2 × 2 voxels, 32 MiB on the card.". */
export function detailInWords(block: LoadedBlock): string {
  const averaged = averagedVoxels(block)
  const what = averaged ? `means of ${averaged} voxels` : 'voxels'
  return `${sides(block.size)} ${what}, ${mebibytes(bytesOf(block.voxels))} on the card.`
}

function sides({ x, y, z }: XYZ): string {
  return `${x} × ${y} × ${z}`
}

export function mebibytes(bytes: number): string {
  const size = bytes / 2 ** 20
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MiB`
}
