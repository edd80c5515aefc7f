import { MrcError, openMrc } from 'mrc-js'
import type { MrcFile } from 'mrc-js'
import type { Box, Plane } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { FailureKind } from '../../shared/errors.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { tiltBeside } from './tilt-beside.ts'
import { assertBox, assertSlice, sliceShape } from './volume.ts'
import type { ReadOptions, Slice, Volume } from './volume.ts'

/** Opens an MRC file: header and tilt range beside it, no voxels. Errors as openVolume. */
export async function openMrcVolume(path: string, options: ReadOptions = {}): Promise<Volume> {
  const file = await refused(openMrc(path, options))
  const info: VolumeInfo = { ...headerFacts(path, file), tilt: await tiltBeside(path) }
  return {
    info,
    async readSlice(plane: Plane, index: number, read: ReadOptions = {}): Promise<Slice> {
      assertSlice(info, plane, index)
      const data = await refused(file.readSlice(plane, index, read))
      return { ...sliceShape(info.size, plane), data }
    },
    async readBox(box: Box, read: ReadOptions = {}): Promise<Float32Array> {
      assertBox(info, box)
      return refused(file.readBox(box, read))
    },
    close: () => file.close()
  }
}

function headerFacts(path: string, file: MrcFile): VolumeInfo {
  return {
    path,
    format: 'mrc',
    mode: file.mode,
    dtype: file.dtype,
    byteOrder: file.byteOrder,
    size: { ...file.size },
    voxelSizeAngstrom: file.voxelSizeAngstrom && { ...file.voxelSizeAngstrom },
    origin: { ...file.origin },
    start: { ...file.start },
    axisOrder: [...file.axisOrder],
    isVolumeStack: file.isVolumeStack,
    extendedHeader: { ...file.extendedHeader },
    labels: [...file.labels],
    tilt: null,
    repairs: file.repairs.map(({ code, message }) => ({ code, message })),
    compressed: file.compressed
  }
}

/** Failures of this machine rather than of the file. */
const machineCodes = new Set(['disk-full', 'write-failed', 'closed'])

/** Turns what mrc-js throws into the program's own error; its codes get the prefix `mrc-`. */
export async function refused<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof MrcError)) throw error
    const kind: FailureKind = machineCodes.has(error.code) ? 'job' : 'input'
    const code = error.code === 'not-mrc' ? error.code : `mrc-${error.code}`
    throw new WedgeviewError(kind, code, error.message, error.hint, { cause: error })
  }
}
