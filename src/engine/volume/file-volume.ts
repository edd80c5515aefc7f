import { axisSchema } from '../../shared/axes.ts'
import type { Box, Plane } from '../../shared/axes.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { openVolumeFile } from './formats/open-volume-file.ts'
import type { OpenFileOptions, PyramidLevel, VolumeFile } from './formats/volume-file.ts'
import type { ReaderThread } from './reading/reader-thread.ts'
import { tiltBeside } from './tilt-beside.ts'
import { assertBox, assertSlice, sliceShape } from './volume.ts'
import type { CoarseLevel, ReadOptions, ScanOptions, Slice, Volume } from './volume.ts'

export interface FileVolumeOptions extends OpenFileOptions {
  /** Reads the slices of files whose voxels lie in them as they are. */
  thread?: ReaderThread | null | undefined
}

/** Opens a volume file of any format: header and tilt range beside it, no voxels. Errors as openVolume. */
export async function openFileVolume(path: string, options: FileVolumeOptions = {}): Promise<Volume> {
  const { thread = null } = options
  const file = await openVolumeFile(path, options)
  const info: VolumeInfo = { ...headerFacts(path, file), tilt: await tiltBeside(path) }
  return {
    info,
    coarser: file.pyramid.map((level) => coarseLevel(info, level)),
    async readSlice(plane: Plane, index: number, read: ReadOptions = {}): Promise<Slice> {
      assertSlice(info, plane, index)
      const { location } = file
      const elsewhere = location && (await thread?.read({ kind: 'voxels', location, plane, index }, read.signal))
      const data = elsewhere ?? (await file.readSlice(plane, index, read))
      return { ...sliceShape(info.size, plane), data }
    },
    async readBox(box: Box, read: ReadOptions = {}): Promise<Float32Array> {
      assertBox(info, box)
      return file.readBox(box, read)
    },
    async statistics(scan: ScanOptions = {}) {
      const { min, max, mean, std, finite } = await file.statistics(scan)
      return finite === 0 ? { min: 0, max: 0, mean: 0, std: 0, finite } : { min, max, mean, std, finite }
    },
    ...(file.readExtendedHeader && { readExtendedHeader: () => readExtended(file) }),
    async close() {
      if (file.location) await thread?.settled(file.location.descriptor)
      await file.close()
    }
  }
}

async function readExtended(file: VolumeFile): Promise<Uint8Array> {
  return (await file.readExtendedHeader?.()) ?? new Uint8Array(0)
}

function headerFacts(path: string, file: VolumeFile): VolumeInfo {
  return {
    path,
    format: file.format,
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
    compressed: file.compressed,
    ...partialFacts(file)
  }
}

function partialFacts({ size, axisOrder, readableSections }: VolumeFile): Pick<VolumeInfo, 'partial'> {
  const axis = axisSchema.options[axisOrder[2] - 1]
  if (readableSections === undefined || readableSections >= size[axis]) return {}
  return { partial: { axis, readableSections, sections: size[axis] } }
}

function coarseLevel({ size }: VolumeInfo, level: PyramidLevel): CoarseLevel {
  return {
    size: level.size,
    binning: { x: size.x / level.size.x, y: size.y / level.size.y, z: size.z / level.size.z },
    async readSlice(plane, index, read = {}) {
      return { ...sliceShape(level.size, plane), data: await level.readSlice(plane, index, read) }
    }
  }
}
