import { Moments } from 'mrc-js'
import type { AxisOrder, Box, ByteOrder, Compression, Plane, Repair, Stride, VoxelReader, Xyz } from 'mrc-js'
import { WedgeviewError } from '../../../shared/errors.ts'

export type VolumeFormat = 'mrc' | 'em' | 'ome-zarr' | 'tiff'

/** A coarser copy of the volume that the file itself holds. */
export interface PyramidLevel extends VoxelReader {
  readonly voxelSizeAngstrom: Xyz | null
}

/**
 * An open volume file of any format: the read interface of an MrcFile. Voxels are float32 in the file's grey values, (z, y, x) C order.
 * Errors are WedgeviewErrors of kind 'input'.
 */
export interface VolumeFile extends VoxelReader {
  readonly format: VolumeFormat
  /** The MRC mode that holds the file's type, for programs that think in modes. */
  readonly mode: number
  readonly dtype: string
  readonly byteOrder: ByteOrder
  /** null when the file does not say. */
  readonly voxelSizeAngstrom: Xyz | null
  readonly origin: Xyz
  readonly start: Xyz
  readonly axisOrder: AxisOrder
  readonly isVolumeStack: boolean
  readonly extendedHeader: { readonly type: string; readonly bytes: number }
  readonly labels: readonly string[]
  /** What was assumed or put right. */
  readonly repairs: readonly FileRepair[]
  readonly compressed: Compression
  /** Sections that are whole in a file that ends too early; undefined where all of them are. */
  readonly readableSections?: number
  /** Coarser levels, finest first; empty where the file has none. */
  readonly pyramid: readonly PyramidLevel[]
  /** As MrcFile.readExtendedHeader. */
  readExtendedHeader?(): Promise<Uint8Array>
  close(): Promise<void>
}

/** As mrc-js reports repairs, with codes of the other formats as well. */
export interface FileRepair {
  readonly code: Repair['code'] | 'first-of-several' | 'voxel-unit' | 'rows-turned'
  readonly message: string
  readonly severity: 'note' | 'repair'
}

export interface OpenFileOptions {
  signal?: AbortSignal | undefined
  /** 'read' opens what a file that ends too early has of an MRC volume; the rest is NaN. Default 'refuse'. */
  truncated?: 'refuse' | 'read' | undefined
  /** Read in this thread what the system has in memory (see mrc-js); for command lines and worker threads. Default false. */
  blocking?: boolean | undefined
}

/** Reads a checked box, every stride-th voxel. */
export type ReadVoxels = (
  box: Box,
  stride: Required<Stride>,
  signal: AbortSignal | undefined
) => Promise<Float32Array<ArrayBuffer>>

const axes = ['x', 'y', 'z'] as const
/** Voxels a scan handles at once. */
const scanVoxels = 1 << 22

/** Builds slices, boxes and statistics on one function that reads a box, and refuses what lies outside. */
export function voxelReaderOf(path: string, size: Xyz, read: ReadVoxels): VoxelReader {
  const readBox: VoxelReader['readBox'] = async (box, options = {}) => {
    options.signal?.throwIfAborted()
    const stride = { x: 1, y: 1, z: 1, ...options.stride }
    for (const axis of axes) checkRange(path, axis, box[axis], stride[axis], size[axis])
    return read(box, stride, options.signal)
  }
  return {
    size,
    location: null,
    readBox,
    readSlice: async (plane, index, options) => readBox(sliceBox(path, plane, index, size), options),
    async statistics(options = {}) {
      const moments = new Moments()
      const depth = Math.max(1, Math.floor(scanVoxels / (size.x * size.y)))
      for (let z = 0; z < size.z; z += depth) {
        const end = Math.min(size.z, z + depth)
        const box: Box = { x: [0, size.x], y: [0, size.y], z: [z, end] }
        moments.add(await readBox(box, { signal: options.signal }))
        options.onProgress?.(end / size.z)
      }
      return moments.statistics()
    }
  }
}

/** Number of voxels that each axis of a strided box gives. */
export function stridedSize(box: Box, stride: Required<Stride>): Xyz {
  const count = (axis: 'x' | 'y' | 'z'): number => Math.ceil((box[axis][1] - box[axis][0]) / stride[axis])
  return { x: count('x'), y: count('y'), z: count('z') }
}

/** The MRC mode that holds values of a type without loss, or 2 (float32) where none does. */
export function modeOfDtype(dtype: string): number {
  const modes: Record<string, number> = { int8: 0, uint8: 0, int16: 1, uint16: 6, float16: 12 }
  return modes[dtype] ?? 2
}

function checkRange(path: string, axis: string, range: [number, number], stride: number, count: number): void {
  const [from, to] = range
  const whole = [from, to, stride].every(Number.isInteger)
  if (whole && from >= 0 && to > from && to <= count && stride >= 1) return
  throw new WedgeviewError(
    'input',
    'roi-outside',
    `The region ${axis} ${from}:${to} (every ${stride}) is not inside ${path}, which has ${count} voxels along ${axis}.`,
    `Choose a region within 0:${count} along ${axis}, half-open and not empty.`
  )
}

function sliceBox(path: string, plane: Plane, index: number, size: Xyz): Box {
  const normal = plane === 'xy' ? 'z' : plane === 'xz' ? 'y' : 'x'
  if (!Number.isInteger(index) || index < 0 || index >= size[normal]) {
    throw new WedgeviewError(
      'input',
      'slice-outside',
      `${path} has no ${plane.toUpperCase()} slice ${index}: it has ${size[normal]} along ${normal}.`,
      `Choose a slice from 0 to ${size[normal] - 1}.`
    )
  }
  const box: Box = { x: [0, size.x], y: [0, size.y], z: [0, size.z] }
  box[normal] = [index, index + 1]
  return box
}
