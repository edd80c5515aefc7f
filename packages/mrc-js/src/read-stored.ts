import { machineByteOrder, swapInPlace } from './byte-order.ts'
import { readFully } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { MrcError } from './error.ts'
import type { Interpretation } from './interpret.ts'
import { rowByteLength, voxelLayout } from './mode.ts'
import { storedNumbers } from './voxel-decoder.ts'
import type { StoredNumbers } from './voxel-decoder.ts'

/**
 * One section of the file in its own type, without conversion: a view of memory where the source is in memory, in the machine's byte order
 * and aligned; otherwise read straight into the array that is returned.
 */
export async function readStored(
  source: ByteSource,
  file: Interpretation,
  section: number,
  signal?: AbortSignal
): Promise<StoredNumbers> {
  if (!Number.isInteger(section) || section < 0 || section >= file.readableSections) {
    throw new MrcError(
      'out-of-range',
      `There is no section ${section} in ${source.name}, which has ${file.readableSections}.`,
      'Choose an index in that range.'
    )
  }
  const length = rowByteLength(file.dtype, file.columns) * file.rows
  const offset = file.dataOffset + section * length
  const { swapUnit } = voxelLayout(file.dtype)
  const swapped = file.byteOrder !== machineByteOrder && swapUnit > 1
  const view = swapped ? null : source.view?.(offset, length)
  const numberBytes = swapUnit
  if (view && view.length === length && view.buffer instanceof ArrayBuffer && view.byteOffset % numberBytes === 0) {
    return storedNumbers(file.dtype, new Uint8Array(view.buffer, view.byteOffset, length))
  }
  const bytes = new Uint8Array(length)
  if ((await readFully(source, bytes, offset, signal)) < length) {
    throw new MrcError(
      'truncated',
      `${source.name} became shorter while it was being read.`,
      'Wait until the program that writes it has finished, then open it again.'
    )
  }
  if (swapped) swapInPlace(bytes, swapUnit)
  return storedNumbers(file.dtype, bytes)
}
