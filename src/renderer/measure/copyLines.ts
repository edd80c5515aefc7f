import { lengthOf } from '../../shared/distances.ts'
import type { XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
import { linesOf, useMeasure, type Line } from './measurements.ts'

const columns = ['distance', 'nm', 'voxels', 'x1', 'y1', 'z1', 'x2', 'y2', 'z2']

/** Distances as tab-separated columns; positions in voxels, the middle of the first voxel being 0 as in the read-out. */
export function linesAsTable(lines: readonly Line[], voxelSizeAngstrom: XYZ | null): string {
  const rows = lines.map(({ id, from, to }) => {
    const { nm, voxels } = lengthOf({ from, to }, voxelSizeAngstrom)
    const ends = [from, to].flatMap(({ x, y, z }) => [x - 0.5, y - 0.5, z - 0.5])
    return [String(id), nm?.toFixed(3) ?? '', voxels.toFixed(3), ...ends.map((at) => at.toFixed(2))]
  })
  return [columns, ...rows].map((row) => row.join('\t')).join('\n')
}

export async function copyLines(tomogram: OpenVolume): Promise<void> {
  const lines = linesOf(useMeasure.getState(), tomogram.id)
  try {
    await navigator.clipboard.writeText(linesAsTable(lines, tomogram.info.voxelSizeAngstrom))
    sayNotice(`${lines.length} ${lines.length === 1 ? 'distance' : 'distances'} copied as a table.`)
  } catch {
    sayFailure({
      kind: 'job',
      code: 'clipboard-refused',
      message: 'The distances could not be copied: this browser keeps its clipboard to itself.',
      hint: 'Allow the clipboard for this page, or open it by its localhost address.'
    })
  }
}
