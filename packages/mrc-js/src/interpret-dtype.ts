import { imodFlag, imodStampValue } from './header.ts'
import type { MrcHeader } from './header.ts'
import { dtypeForMode } from './mode.ts'
import type { MrcDtype } from './mode.ts'
import type { RepairLog } from './repair.ts'

/**
 * The type of the stored values, and the number of columns. Mode 0 is where programs disagree: signed in the standard, unsigned for
 * IMOD unless its flag says signed; and some writers leave only the statistics to tell (the rule is IMOD's).
 * The header's mode must be a known one.
 */
export function interpretDtype(header: MrcHeader, log: RepairLog): { dtype: MrcDtype; columns: number } {
  const dtype = dtypeForMode(header.mode)
  if (dtype === undefined) throw new RangeError(`unknown mode ${header.mode}`)
  if (header.mode !== 0) return { dtype, columns: header.nx }
  const stamped = header.imodStamp === imodStampValue
  if (stamped && (header.imodFlags & imodFlag.fourBitBytes) !== 0) {
    log.note(
      'four-bit-bytes',
      "IMOD's flag says that each byte holds two 4-bit voxels [the number of columns doubles]."
    )
    return { dtype: 'uint4', columns: header.nx * 2 }
  }
  if (stamped) {
    if ((header.imodFlags & imodFlag.signedBytes) !== 0) return { dtype: 'int8', columns: header.nx }
    log.note('unsigned-bytes', "IMOD's flag says that the bytes are unsigned, 0 to 255.")
    return { dtype: 'uint8', columns: header.nx }
  }
  if (statisticsSayUnsigned(header.dmin, header.dmax)) {
    log.repair(
      'unsigned-bytes',
      `The header's maximum ${header.dmax} does not fit signed bytes [read as unsigned, 0 to 255].`
    )
    return { dtype: 'uint8', columns: header.nx }
  }
  return { dtype: 'int8', columns: header.nx }
}

function statisticsSayUnsigned(dmin: number, dmax: number): boolean {
  if (!(dmin <= dmax) || dmax < 128 || dmax > 255) return false
  return dmin >= 0 || -dmin <= dmax - 128
}
