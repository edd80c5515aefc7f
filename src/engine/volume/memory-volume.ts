import { boxSize, planeAxes } from '../../shared/axes.ts'
import type { Box, Plane, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { assertBox, assertSlice, boxVolume, sliceShape, voxelCount } from './volume.ts'
import type { ReadOptions, Slice, Volume } from './volume.ts'

/** A volume held in memory, such as a running job's map so far. `data` is C-ordered (z, y, x) and not copied. */
export function memoryVolume(data: Float32Array, info: VolumeInfo): Volume {
  if (data.length !== voxelCount(info.size)) {
    const { x, y, z } = info.size
    throw new WedgeviewError(
      'job',
      'map-size',
      `The map ${info.path} has ${data.length} voxels, but its size is ${x} x ${y} x ${z}.`,
      'This is a fault in the program; please report it with this message.'
    )
  }
  return {
    info,
    async readSlice(plane: Plane, index: number, options: ReadOptions = {}): Promise<Slice> {
      options.signal?.throwIfAborted()
      assertSlice(info, plane, index)
      return { ...sliceShape(info.size, plane), data: cutSlice(data, info.size, plane, index) }
    },
    async readBox(box: Box, options: ReadOptions = {}): Promise<Float32Array> {
      options.signal?.throwIfAborted()
      assertBox(info, box)
      return cutBox(data, info.size, box)
    },
    async close() {}
  }
}

/** A slice of a C-ordered (z, y, x) volume. XY slices share the volume's memory. */
export function cutSlice(data: Float32Array, size: XYZ, plane: Plane, index: number): Float32Array {
  if (plane === 'xy') return data.subarray(index * size.y * size.x, (index + 1) * size.y * size.x)
  const { normal } = planeAxes[plane]
  const box: Box = { x: [0, size.x], y: [0, size.y], z: [0, size.z] }
  return cutBox(data, size, { ...box, [normal]: [index, index + 1] })
}

/** A box of a C-ordered (z, y, x) volume, C-ordered itself. */
export function cutBox(data: Float32Array, size: XYZ, box: Box): Float32Array {
  const out = new Float32Array(boxVolume(box))
  const { x: columns, y: rows, z: sections } = boxSize(box)
  for (let z = 0; z < sections; z++) {
    for (let y = 0; y < rows; y++) {
      const from = ((box.z[0] + z) * size.y + box.y[0] + y) * size.x + box.x[0]
      out.set(data.subarray(from, from + columns), (z * rows + y) * columns)
    }
  }
  return out
}
