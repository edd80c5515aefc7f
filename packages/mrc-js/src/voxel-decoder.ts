import { machineByteOrder, swapInPlace } from './byte-order.ts'
import type { ByteOrder } from './byte-order.ts'
import { MrcError } from './error.ts'
import { halfToFloatTable } from './half-float.ts'
import { voxelLayout } from './mode.ts'
import type { MrcComponent, VoxelDtype } from './mode.ts'

/** The stored numbers of a chunk of the file, as the machine's own typed array. */
export type StoredNumbers =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array

/**
 * Copies `count` voxels of `stored`, every `step`-th from voxel `from` on, to `out` at `outFrom`, `outFrom + outStep`, ...
 * Voxels are counted in units of the type: a 4-bit voxel is half a byte.
 */
export type Gather = (
  stored: StoredNumbers,
  from: number,
  step: number,
  count: number,
  out: Float32Array,
  outFrom: number,
  outStep: number
) => void

export interface VoxelDecoder {
  /** Views bytes (which start at a voxel and may be changed) as numbers in the machine's byte order. */
  stored(bytes: Uint8Array<ArrayBuffer>): StoredNumbers
  readonly gather: Gather
}

/** Throws MrcError bad-option for a component that the type does not have. */
export function voxelDecoder(dtype: VoxelDtype, byteOrder: ByteOrder, component?: MrcComponent): VoxelDecoder {
  const { swapUnit } = voxelLayout(dtype)
  return {
    stored(bytes) {
      if (byteOrder !== machineByteOrder) swapInPlace(bytes, swapUnit)
      return storedNumbers(dtype, bytes)
    },
    gather: gatherFor(dtype, component)
  }
}

/** Bytes as numbers without a copy. `bytes.byteOffset` must be a multiple of the number's size. */
export function storedNumbers(dtype: VoxelDtype, bytes: Uint8Array<ArrayBuffer>): StoredNumbers {
  const { buffer, byteOffset, length } = bytes
  switch (dtype) {
    case 'int8':
      return new Int8Array(buffer, byteOffset, length)
    case 'int16':
    case 'complex-int16':
      return new Int16Array(buffer, byteOffset, length >> 1)
    case 'uint16':
    case 'float16':
      return new Uint16Array(buffer, byteOffset, length >> 1)
    case 'float32':
    case 'complex-float32':
      return new Float32Array(buffer, byteOffset, Math.floor(length / 4))
    case 'int32':
      return new Int32Array(buffer, byteOffset, Math.floor(length / 4))
    case 'uint32':
      return new Uint32Array(buffer, byteOffset, Math.floor(length / 4))
    case 'float64':
      return new Float64Array(buffer, byteOffset, Math.floor(length / 8))
    default:
      return bytes
  }
}

function gatherFor(dtype: VoxelDtype, component: MrcComponent | undefined): Gather {
  if (dtype === 'complex-int16' || dtype === 'complex-float32') {
    const chosen = component ?? 'amplitude'
    if (chosen === 'real') return gatherInterleaved(2, 0)
    if (chosen === 'imaginary') return gatherInterleaved(2, 1)
    if (chosen === 'amplitude') return gatherPairs(amplitude)
    if (chosen === 'phase') return gatherPairs(phase)
  } else if (dtype === 'rgb8') {
    const chosen = component ?? 'luminance'
    if (chosen === 'luminance') return gatherLuminance
    const channel = ['red', 'green', 'blue'].indexOf(chosen)
    if (channel >= 0) return gatherInterleaved(3, channel)
  } else if (component === undefined || component === 'real') {
    if (dtype === 'uint4') return gatherFourBit
    if (dtype === 'float16') return gatherHalf
    return gatherPlain
  }
  throw new MrcError(
    'bad-option',
    `Voxels of type ${dtype} have no component '${component}'.`,
    'Use amplitude, phase, real or imaginary for complex data; luminance, red, green or blue for colour; none otherwise.'
  )
}

const gatherPlain: Gather = (stored, from, step, count, out, outFrom, outStep) => {
  // The engine's own converting copy is the fastest there is for a contiguous run.
  if (step === 1 && outStep === 1) {
    out.set(stored.subarray(from, from + count), outFrom)
    return
  }
  for (let i = 0, s = from, o = outFrom; i < count; i++, s += step, o += outStep) out[o] = stored[s]
}

const gatherHalf: Gather = (stored, from, step, count, out, outFrom, outStep) => {
  const table = halfToFloatTable()
  for (let i = 0, s = from, o = outFrom; i < count; i++, s += step, o += outStep) out[o] = table[stored[s]]
}

/** The first voxel of a pair is in the low four bits (MRC2014, as SerialEM and IMOD write it). */
const gatherFourBit: Gather = (stored, from, step, count, out, outFrom, outStep) => {
  for (let i = 0, s = from, o = outFrom; i < count; i++, s += step, o += outStep) {
    out[o] = (stored[s >>> 1] >> ((s & 1) << 2)) & 15
  }
}

function gatherInterleaved(width: number, channel: number): Gather {
  return (stored, from, step, count, out, outFrom, outStep) => {
    for (let i = 0, s = from * width + channel, o = outFrom; i < count; i++, s += step * width, o += outStep) {
      out[o] = stored[s]
    }
  }
}

function gatherPairs(combine: (real: number, imaginary: number) => number): Gather {
  return (stored, from, step, count, out, outFrom, outStep) => {
    for (let i = 0, s = from * 2, o = outFrom; i < count; i++, s += step * 2, o += outStep) {
      out[o] = combine(stored[s], stored[s + 1])
    }
  }
}

function amplitude(real: number, imaginary: number): number {
  return Math.sqrt(real * real + imaginary * imaginary)
}

function phase(real: number, imaginary: number): number {
  return Math.atan2(imaginary, real)
}

/** Rec. 601 luma, what IMOD shows for a colour file in grey. */
const gatherLuminance: Gather = (stored, from, step, count, out, outFrom, outStep) => {
  for (let i = 0, s = from * 3, o = outFrom; i < count; i++, s += step * 3, o += outStep) {
    out[o] = 0.299 * stored[s] + 0.587 * stored[s + 1] + 0.114 * stored[s + 2]
  }
}
