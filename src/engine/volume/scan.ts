import type { Box } from '../../shared/axes.ts'
import { boxVolume, voxelCount } from './volume.ts'
import type { ScanOptions, Volume } from './volume.ts'

/** Voxels handled in one go: about 2 ms of arithmetic, so that slices asked for meanwhile don't wait. */
const chunkVoxels = 1 << 20

/**
 * Every voxel of a volume, chunk by chunk in file order, in constant memory. Between chunks other
 * work gets its turn, also where the volume is in memory and a read never waits.
 */
export async function* scan(volume: Volume, options: ScanOptions = {}): AsyncGenerator<Float32Array> {
  const { signal, onProgress } = options
  const total = voxelCount(volume.info.size)
  let done = 0
  for (const box of chunks(volume)) {
    signal?.throwIfAborted()
    yield await volume.readBox(box, { signal })
    done += boxVolume(box)
    onProgress?.(done / total)
    await new Promise(setImmediate)
  }
}

function* chunks(volume: Volume): Generator<Box> {
  const { x, y, z } = volume.info.size
  const rows = Math.min(y, Math.max(1, Math.floor(chunkVoxels / x)))
  const sections = rows < y ? 1 : Math.max(1, Math.floor(chunkVoxels / (x * y)))
  for (let z0 = 0; z0 < z; z0 += sections) {
    for (let y0 = 0; y0 < y; y0 += rows) {
      const box: Box = { x: [0, x], y: [y0, Math.min(y, y0 + rows)], z: [z0, Math.min(z, z0 + sections)] }
      if (boxVolume(box) > 0) yield box
    }
  }
}
