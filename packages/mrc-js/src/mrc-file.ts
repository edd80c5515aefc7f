import type { ByteOrder } from './byte-order.ts'
import type { Box, Plane, Stride } from './box.ts'
import type { MrcHeader } from './header.ts'
import type { AxisOrder } from './interpret.ts'
import type { Xyz } from './interpret-cell.ts'
import type { MrcComponent, MrcDtype } from './mode.ts'
import type { VoxelStatistics } from './moments.ts'
import type { VoxelLocation } from './raw-volume.ts'
import type { ReadBoxOptions } from './read-box.ts'
import type { SectionMetadata } from './section-metadata.ts'
import type { StoredNumbers } from './voxel-decoder.ts'
import type { Repair } from './repair.ts'
import type { StatisticsOptions } from './statistics.ts'

export type Compression = 'none' | 'gzip' | 'bzip2'

/** An open MRC file. Nothing but the header is in memory; every read goes to the file. */
export interface MrcFile {
  /** Every field of the header, raw as in the file. */
  readonly header: MrcHeader
  readonly mode: number
  /** The type of the stored voxels, after the flags and statistics that say whether bytes are signed. */
  readonly dtype: MrcDtype
  readonly byteOrder: ByteOrder
  /** Voxels along x, y and z, whatever axis the file's columns run along. */
  readonly size: Xyz
  /** null when the header does not know it. */
  readonly voxelSizeAngstrom: Xyz | null
  /** Header origin in angstrom. */
  readonly origin: Xyz
  /** Start indices (nxstart, nystart, nzstart) along x, y and z, in voxels. */
  readonly start: Xyz
  readonly axisOrder: AxisOrder
  /** A stack of volumes (space group 401 to 630) of `sectionsPerVolume` sections each. */
  readonly isVolumeStack: boolean
  readonly sectionsPerVolume: number
  readonly extendedHeader: { readonly type: string; readonly bytes: number }
  /** The labels in use, without padding. */
  readonly labels: readonly string[]
  /** What was put right or assumed. */
  readonly repairs: readonly Repair[]
  readonly compressed: Compression
  /** File sections that are complete in the file; fewer than all of them when it is truncated. */
  readonly readableSections: number
  /** Where the voxels lie, for another thread of this process; null where they don't lie in a file as they are. */
  readonly location: VoxelLocation | null
  /**
   * One slice as float32. xy: rows y, columns x. xz: rows z, columns x. yz: rows z, columns y.
   * Throws MrcError out-of-range, read-failed; an aborted signal's reason.
   */
  readSlice(plane: Plane, index: number, options?: SliceOptions): Promise<Float32Array<ArrayBuffer>>
  /** A box of half-open ranges as float32, (z, y, x) C order, every `stride`-th voxel. */
  readBox(box: Box, options?: ReadBoxOptions): Promise<Float32Array<ArrayBuffer>>
  /** Population statistics over the finite voxels of the whole file. */
  statistics(options?: StatisticsOptions): Promise<VoxelStatistics>
  /** The extended header's bytes as they are in the file. */
  readExtendedHeader(): Promise<Uint8Array>
  /** Tilt angle, pixel size and more of each section, from FEI1, FEI2, SERI and AGAR extended headers; empty for others. */
  readSectionMetadata(): Promise<SectionMetadata[]>
  /** Symmetry operators of a CCP4 (or older, untyped) extended header, one line each; empty for others. */
  readSymmetryOperators(): Promise<string[]>
  /**
   * One section of the file as stored: the numbers in the type of `dtype`, in the machine's byte order, columns fastest, no conversion. In
   * memory and in the right byte order it is a view, not a copy: don't change it. Half floats and 4-bit pairs come as their bits, complex
   * numbers and colours interleaved.
   */
  readStored(section: number, options?: { signal?: AbortSignal }): Promise<StoredNumbers>
  close(): Promise<void>
}

export interface SliceOptions {
  signal?: AbortSignal
  /** Every n-th voxel along both directions of the slice. */
  stride?: Stride
  component?: MrcComponent
  /** As ReadBoxOptions.into. */
  into?: Float32Array<ArrayBuffer>
}
