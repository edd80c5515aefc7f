import { createMrc } from 'mrc-js'
import type { AxisOrder } from 'mrc-js'
import type { XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Statistics, VolumeInfo } from '../../shared/volumes.ts'
import { refused } from './mrc-volume.ts'
import { voxelCount } from './volume.ts'

/** What a written volume takes over from the one it was made of. */
export type HeaderFacts = Pick<VolumeInfo, 'voxelSizeAngstrom' | 'origin' | 'start' | 'axisOrder' | 'labels'>

/** An extended header, byte for byte, and the byte order that its numbers have: the whole file is written in that order. */
export interface KeptHeader {
  type: string
  bytes: Uint8Array
  byteOrder: 'little' | 'big'
}

export type WritableMode = NonNullable<Parameters<typeof createMrc>[1]['mode']>

/** Takes a volume section by section. */
export interface VolumeWriter {
  /** The next z section, C order (y, x). */
  write(section: Float32Array): Promise<void>
  /** Gives the file its name, and the statistics written. */
  finish(): Promise<Statistics>
  /** Removes what was written. */
  abort(): Promise<void>
}

/**
 * Starts an MRC file with the voxel size, origin, start indices and axis order of `like`; its labels are kept and `labels` added. Statistics
 * in the header are those of the voxels as stored. The file appears under its name complete, or not at all: written beside, flushed,
 * renamed.
 *
 * @throws WedgeviewError job: `mrc-disk-full`, `mrc-write-failed`
 */
export async function createVolumeWriter(
  path: string,
  size: XYZ,
  like: HeaderFacts,
  labels: readonly string[],
  mode: WritableMode = 2,
  extended: KeptHeader | null = null
): Promise<VolumeWriter> {
  const writer = await refused(
    createMrc(path, {
      size,
      mode,
      voxelSizeAngstrom: like.voxelSizeAngstrom,
      origin: like.origin,
      start: like.start,
      axisOrder: axisOrderOf(like.axisOrder),
      labels: [...like.labels, ...labels],
      ...(extended && { extendedHeader: extended, byteOrder: extended.byteOrder })
    })
  )
  return {
    write: (section) => refused(writer.writeSection(section)),
    async finish() {
      const { min, max, mean, std, finite } = await refused(writer.finish())
      return { min, max, mean, std, finite }
    },
    abort: () => writer.abort()
  }
}

/**
 * Writes a volume (C order, (z, y, x)) as a float32 MRC file, see createVolumeWriter.
 *
 * @returns the statistics written
 * @throws WedgeviewError job: `mrc-disk-full`, `mrc-write-failed`, `map-size`; the signal's reason when aborted
 */
export async function writeVolume(
  path: string,
  data: Float32Array,
  size: XYZ,
  like: HeaderFacts,
  labels: readonly string[],
  signal?: AbortSignal
): Promise<Statistics> {
  if (data.length !== voxelCount(size)) {
    throw new WedgeviewError(
      'job',
      'map-size',
      `${path} was to hold ${size.x} x ${size.y} x ${size.z} voxels, but there are ${data.length}.`,
      'This is a fault in the program; please report it with this message.'
    )
  }
  const writer = await createVolumeWriter(path, size, like, labels)
  try {
    const sectionVoxels = size.x * size.y
    for (let z = 0; z < size.z; z++) {
      signal?.throwIfAborted()
      await writer.write(data.subarray(z * sectionVoxels, (z + 1) * sectionVoxels))
    }
    signal?.throwIfAborted()
    return await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function axisOrderOf([columns = 1, rows = 2, sections = 3]: readonly number[]): AxisOrder {
  return [columns, rows, sections]
}
