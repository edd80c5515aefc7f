import type { Axis, Box } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { useRegion } from '../stores/region.ts'

/** The volume of the active pane and what of it lies in the region of interest, in its own voxels; null where there is no such part. */
export function regionShown(): { volume: OpenVolume; box: Box } | null {
  const model = activePaneModel()
  const region = model && useRegion.getState().boxes[model.tomogram.id]
  if (!model || !region) return null
  const volume = model.base
  const along = (axis: Axis): [number, number] => {
    const start = volume.region?.box[axis][0] ?? 0
    return [Math.max(0, region[axis][0] - start), Math.min(volume.info.size[axis], region[axis][1] - start)]
  }
  const box: Box = { x: along('x'), y: along('y'), z: along('z') }
  return box.x[0] < box.x[1] && box.y[0] < box.y[1] && box.z[0] < box.z[1] ? { volume, box } : null
}
