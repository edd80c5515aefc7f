import { toZYX } from '../../shared/axes.ts'
import type { XYZ } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { wedgePlane } from '../wedge/mask.ts'
import { createVolumeWriter } from './write-volume.ts'

/**
 * Writes M, the measured region over the frequencies of a box of `size`, as 0 and 1 in an int8 MRC file. Zero frequency is at voxel
 * (floor(nx / 2), floor(ny / 2), floor(nz / 2)), where programs that show or multiply centred transforms look for it.
 *
 * @throws WedgeviewError job: `mrc-disk-full`, `mrc-write-failed`; the signal's reason
 */
export async function writeWedgeMask(
  path: string,
  wedge: Wedge,
  size: XYZ,
  label: string,
  signal?: AbortSignal
): Promise<void> {
  const plane = wedgePlane(wedge, toZYX(size))
  const zero = { x: 0, y: 0, z: 0 }
  const header = { voxelSizeAngstrom: null, origin: zero, start: zero, axisOrder: [1, 2, 3], labels: [] }
  const writer = await createVolumeWriter(path, size, header, [label], 0)
  /** FFT-order index of the frequency that a centred index stands for. */
  const unshifted = (index: number, count: number): number => (index + Math.ceil(count / 2)) % count
  try {
    const section = new Float32Array(size.x * size.y)
    for (let z = 0; z < size.z; z++) {
      signal?.throwIfAborted()
      const kz = unshifted(z, size.z)
      for (let y = 0, at = 0; y < size.y; y++) {
        const ky = unshifted(y, size.y)
        for (let x = 0; x < size.x; x++, at++) {
          const k = [kz, ky, unshifted(x, size.x)]
          section[at] = plane.values[k[plane.axes[0]] * plane.size[1] + k[plane.axes[1]]]
        }
      }
      await writer.write(section)
    }
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}
