/** The type of one stored value. 'uint4' is two voxels a byte, 'rgb8' three bytes a voxel, the complex types two numbers. */
export type MrcDtype =
  'int8' | 'uint8' | 'int16' | 'uint16' | 'float16' | 'float32' | 'complex-int16' | 'complex-float32' | 'rgb8' | 'uint4'

/** Types of stored numbers that raw volumes of other formats have as well. */
export type VoxelDtype = MrcDtype | 'int32' | 'uint32' | 'float64'

/** What of a value with several components is read: default amplitude of a complex value, luminance of a colour. */
export type MrcComponent = 'amplitude' | 'phase' | 'real' | 'imaginary' | 'luminance' | 'red' | 'green' | 'blue'

export type SwapUnit = 1 | 2 | 4 | 8

/** How the voxels of one type lie in the file. */
export interface VoxelLayout {
  readonly dtype: VoxelDtype
  /** Bits one voxel takes. */
  readonly bits: number
  /** Bytes of one number that a change of byte order reverses. */
  readonly swapUnit: SwapUnit
}

const layouts: Record<VoxelDtype, VoxelLayout> = {
  int8: { dtype: 'int8', bits: 8, swapUnit: 1 },
  uint8: { dtype: 'uint8', bits: 8, swapUnit: 1 },
  int16: { dtype: 'int16', bits: 16, swapUnit: 2 },
  uint16: { dtype: 'uint16', bits: 16, swapUnit: 2 },
  float16: { dtype: 'float16', bits: 16, swapUnit: 2 },
  float32: { dtype: 'float32', bits: 32, swapUnit: 4 },
  'complex-int16': { dtype: 'complex-int16', bits: 32, swapUnit: 2 },
  'complex-float32': { dtype: 'complex-float32', bits: 64, swapUnit: 4 },
  rgb8: { dtype: 'rgb8', bits: 24, swapUnit: 1 },
  uint4: { dtype: 'uint4', bits: 4, swapUnit: 1 },
  int32: { dtype: 'int32', bits: 32, swapUnit: 4 },
  uint32: { dtype: 'uint32', bits: 32, swapUnit: 4 },
  float64: { dtype: 'float64', bits: 64, swapUnit: 8 }
}

/** Modes of MRC2014, with 16 (colour) as IMOD defines it. Mode 0 is signed in the standard. */
const dtypeOfMode = new Map<number, MrcDtype>([
  [0, 'int8'],
  [1, 'int16'],
  [2, 'float32'],
  [3, 'complex-int16'],
  [4, 'complex-float32'],
  [6, 'uint16'],
  [12, 'float16'],
  [16, 'rgb8'],
  [101, 'uint4']
])

export const supportedModes: readonly number[] = [...dtypeOfMode.keys()]

export function dtypeForMode(mode: number): MrcDtype | undefined {
  return dtypeOfMode.get(mode)
}

export function voxelLayout(dtype: VoxelDtype): VoxelLayout {
  return layouts[dtype]
}

/** Bytes of one row of `columns` voxels. A row of 4-bit voxels with an odd length is padded to a whole byte. */
export function rowByteLength(dtype: VoxelDtype, columns: number): number {
  return Math.ceil((columns * layouts[dtype].bits) / 8)
}
