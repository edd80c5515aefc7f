import { boxSize, planeAxes } from '../../shared/axes.ts'
import type { Axis, Box, Plane, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Statistics, VolumeInfo } from '../../shared/volumes.ts'

/** One slice; `data` is C-ordered rows x columns (see planeAxes) and shared between readers: never write to it. */
export interface Slice {
  rows: number
  columns: number
  data: Float32Array
}

/** Whether somebody waits to see what is read, or may want it next. */
export type ReadPriority = 'visible' | 'ahead'

export interface ReadOptions {
  signal?: AbortSignal | undefined
  /** Default visible. Counts where reads queue up. */
  priority?: ReadPriority | undefined
}

export interface ScanOptions extends ReadOptions {
  /** Called now and then with the fraction that has been read, 0 to 1. */
  onProgress?: ((fraction: number) => void) | undefined
}

/** A coarser copy of a volume. Voxel i of an axis covers the voxels from i * binning up to (i + 1) * binning of the volume. */
export interface CoarseLevel {
  readonly size: XYZ
  readonly binning: XYZ
  readSlice(plane: Plane, index: number, options?: ReadOptions): Promise<Slice>
}

/**
 * Voxels to read, whatever holds them: a file of any format, or the memory of a running job. Values
 * are the file's grey values as float32. Every read may be aborted and may run beside others.
 */
export interface Volume {
  readonly info: VolumeInfo
  /** @throws WedgeviewError `slice-outside` */
  readSlice(plane: Plane, index: number, options?: ReadOptions): Promise<Slice>
  /** The box's voxels in C order (z, y, x), the caller's own. @throws WedgeviewError `roi-outside` */
  readBox(box: Box, options?: ReadOptions): Promise<Float32Array>
  /** Coarser copies that the file itself holds, finest first. */
  readonly coarser?: readonly CoarseLevel[]
  /** Exact statistics, where the format's own reader scans faster than box by box. */
  statistics?(options?: ScanOptions): Promise<Statistics>
  /** The extended header's bytes, where the format has one. */
  readExtendedHeader?(): Promise<Uint8Array>
  close(): Promise<void>
}

/** Rows and columns of a plane's slices. */
export function sliceShape(size: XYZ, plane: Plane): { rows: number; columns: number } {
  const { row, column } = planeAxes[plane]
  return { rows: size[row], columns: size[column] }
}

/** Refuses a slice index that the volume doesn't have. */
export function assertSlice(info: VolumeInfo, plane: Plane, index: number): void {
  const { normal } = planeAxes[plane]
  const count = info.size[normal]
  if (Number.isInteger(index) && index >= 0 && index < count) return
  throw new WedgeviewError(
    'input',
    'slice-outside',
    `${info.path} has no ${plane.toUpperCase()} slice ${index}: it has ${count} along ${normal}.`,
    `Choose a slice from 0 to ${count - 1}.`
  )
}

const axes: readonly Axis[] = ['x', 'y', 'z']

/** Refuses a box that is empty or leaves the volume. */
export function assertBox(info: VolumeInfo, box: Box): void {
  for (const axis of axes) {
    const [from, to] = box[axis]
    const count = info.size[axis]
    if (from >= 0 && to > from && to <= count) continue
    throw new WedgeviewError(
      'input',
      'roi-outside',
      `The region ${axis} ${from}:${to} is not inside ${info.path}, which has ${count} voxels along ${axis}.`,
      `Choose a region within 0:${count} along ${axis}, half-open and not empty.`
    )
  }
}

export function voxelCount(size: XYZ): number {
  return size.x * size.y * size.z
}

/** Voxels in a box. */
export function boxVolume(box: Box): number {
  return voxelCount(boxSize(box))
}
