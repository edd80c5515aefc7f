import type { Box, Plane } from '../../shared/axes.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import type { ReadOptions, Slice, Volume } from '../volume/volume.ts'

/** Values of one voxel range in every source, in the sources' order, to one value each. */
export type Combine = (values: readonly Float32Array[]) => Float32Array

/**
 * A volume whose voxels are made from the same voxels of others as they are read: nothing is stored, so a change of a parameter costs one slice.
 * `sources` are asked for at every read, since a running job's maps are replaced; they have the size that `info` tells.
 */
export function voxelwiseVolume(info: VolumeInfo, sources: () => readonly Volume[], combine: Combine): Volume {
  return {
    info,
    async readSlice(plane: Plane, index: number, options?: ReadOptions): Promise<Slice> {
      const slices = await Promise.all(sources().map((source) => source.readSlice(plane, index, options)))
      const { rows, columns } = slices[0]
      return { rows, columns, data: combine(slices.map(({ data }) => data)) }
    },
    async readBox(box: Box, options?: ReadOptions): Promise<Float32Array> {
      return combine(await Promise.all(sources().map((source) => source.readBox(box, options))))
    },
    async close() {}
  }
}

/** a - b. */
export function difference([a, b]: readonly Float32Array[]): Float32Array {
  return a.map((value, i) => value - b[i])
}
