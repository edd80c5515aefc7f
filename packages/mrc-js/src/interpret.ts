import type { ByteOrder } from './byte-order.ts'
import { declaredDataBytes, detectByteOrder, hasMapString, isAxisPermutation } from './detect-byte-order.ts'
import { MrcError } from './error.ts'
import { interpretCell } from './interpret-cell.ts'
import type { Xyz } from './interpret-cell.ts'
import { interpretDtype } from './interpret-dtype.ts'
import { headerByteLength, labelLimit } from './header.ts'
import type { MrcHeader } from './header.ts'
import { dtypeForMode, rowByteLength, supportedModes } from './mode.ts'
import type { MrcDtype } from './mode.ts'
import { RepairLog } from './repair.ts'
import type { Repair } from './repair.ts'

/** mapc, mapr, maps: which spatial axis (1 = x, 2 = y, 3 = z) the columns, rows and sections of the file run along. */
export type AxisOrder = readonly [number, number, number]

/** What a header means once its oddities are put right. Lengths in voxels unless the name says otherwise. */
export interface Interpretation {
  readonly header: MrcHeader
  readonly byteOrder: ByteOrder
  readonly dtype: MrcDtype
  /** Columns, rows, sections: the order in the file, columns fastest. */
  readonly columns: number
  readonly rows: number
  readonly sections: number
  readonly axisOrder: AxisOrder
  readonly size: Xyz
  readonly start: Xyz
  readonly origin: Xyz
  readonly voxelSizeAngstrom: Xyz | null
  readonly isVolumeStack: boolean
  readonly sectionsPerVolume: number
  readonly labels: string[]
  readonly extendedBytes: number
  readonly dataOffset: number
  readonly dataBytes: number
  /** Sections of which every byte is in the file; less than `sections` when the file is truncated. */
  readonly readableSections: number
  readonly repairs: readonly Repair[]
}

/** Turns the values of the file's columns, rows and sections into values along x, y and z. */
export function toSpatial(axisOrder: AxisOrder, columns: number, rows: number, sections: number): Xyz {
  const out = { x: 0, y: 0, z: 0 }
  const names = ['x', 'y', 'z'] as const
  ;[columns, rows, sections].forEach((value, fileAxis) => {
    out[names[axisOrder[fileAxis] - 1]] = value
  })
  return out
}

/**
 * Reads the meaning of a header. `bytes`: the first 1024 bytes. `fileBytes`: length of the whole (decompressed) file.
 * Throws MrcError: empty, not-mrc, unsupported-mode, absurd-size, truncated (in the fixed header only).
 */
export function interpretHeader(bytes: Uint8Array, fileBytes: number, name: string): Interpretation {
  refuseShortFile(bytes, fileBytes, name)
  const log = new RepairLog()
  const { byteOrder, header, stamp } = detectByteOrder(bytes, fileBytes)
  refuseOther(header, fileBytes, name)
  if (!hasMapString(header)) {
    log.repair('map-string', `The identifier 'MAP ' is missing (found ${JSON.stringify(header.map)}).`)
  } else if (header.map !== 'MAP ') {
    log.repair('map-string', `The identifier is ${JSON.stringify(header.map)} [read as 'MAP '].`)
  }
  noteStamp(header, stamp, byteOrder, log)
  if (header.nversion !== 20140 && header.nversion !== 20141) {
    if (header.nversion === 0) log.note('version', 'The header has no version number (a writer from before 2014).')
    else log.repair('version', `The version number ${header.nversion} is not one of MRC2014 [ignored].`)
  }
  const { dtype, columns } = interpretDtype(header, log)
  const axisOrder: AxisOrder = isAxisPermutation(header) ? [header.mapc, header.mapr, header.maps] : [1, 2, 3]
  if (!isAxisPermutation(header)) {
    const found = `${header.mapc}, ${header.mapr}, ${header.maps}`
    log.repair('axis-order', `The axis order mapc, mapr, maps is ${found} [read as 1, 2, 3].`)
  }
  const dataBytes = rowByteLength(dtype, columns) * header.ny * header.nz
  if (!Number.isSafeInteger(dataBytes)) {
    throw new MrcError(
      'absurd-size',
      `${name} claims ${columns} x ${header.ny} x ${header.nz} voxels, more than any file can hold.`,
      'The header is damaged. Look for an intact copy of the file.'
    )
  }
  const extendedBytes = extendedHeaderLength(header, dataBytes, fileBytes, log)
  const dataOffset = headerByteLength + extendedBytes
  const available = Math.max(0, fileBytes - dataOffset)
  const readableSections =
    available >= dataBytes ? header.nz : Math.floor(available / (rowByteLength(dtype, columns) * header.ny))
  if (available < dataBytes) {
    log.repair(
      'truncated',
      `The file ends ${dataBytes - available} bytes too early [${readableSections} of ${header.nz} sections are whole].`
    )
  } else if (available > dataBytes) {
    log.note('trailing-bytes', `${available - dataBytes} bytes follow the last section [ignored].`)
  }
  const start = toSpatial(axisOrder, header.nxstart, header.nystart, header.nzstart)
  const size = toSpatial(axisOrder, columns, header.ny, header.nz)
  return {
    header,
    byteOrder,
    dtype,
    columns,
    rows: header.ny,
    sections: header.nz,
    axisOrder,
    size,
    start,
    ...interpretCell(header, size, dtype, log),
    ...interpretStack(header, log),
    labels: interpretLabels(header, log),
    extendedBytes,
    dataOffset,
    dataBytes,
    readableSections,
    repairs: log.entries
  }
}

function refuseShortFile(bytes: Uint8Array, fileBytes: number, name: string): void {
  if (fileBytes === 0) {
    throw new MrcError('empty', `${name} is empty (0 bytes).`, 'Copy or download the file again.')
  }
  if (fileBytes >= headerByteLength && bytes.length >= headerByteLength) return
  throw new MrcError(
    'not-mrc',
    `${name} has ${fileBytes} bytes; the header of an MRC file alone has 1024.`,
    'If it should be an MRC file it was cut off: copy or download it again.'
  )
}

function refuseOther(header: MrcHeader, fileBytes: number, name: string): void {
  const dataBytes = declaredDataBytes(header)
  const sizesMakeSense = header.nx > 0 && header.ny > 0 && header.nz > 0
  if (sizesMakeSense && dtypeForMode(header.mode) === undefined && hasMapString(header)) {
    throw new MrcError(
      'unsupported-mode',
      `${name} has data mode ${header.mode}, which is not one of ${supportedModes.join(', ')}.`,
      "Convert it with the program that wrote it, for example IMOD's newstack -mode 2."
    )
  }
  const fits = dataBytes <= fileBytes - headerByteLength
  if (Number.isNaN(dataBytes) || (!hasMapString(header) && !(isAxisPermutation(header) && fits) && !fitsExactly())) {
    throw new MrcError(
      'not-mrc',
      `${name} is not an MRC file: its first 1024 bytes are not an MRC header in either byte order.`,
      'Choose a .mrc, .rec, .map, .mrcs, .st or .ali file. If it should be one, it is damaged: copy it again.'
    )
  }
  function fitsExactly(): boolean {
    return dataBytes + Math.max(0, header.nsymbt) === fileBytes - headerByteLength
  }
}

function noteStamp(header: MrcHeader, stamp: ByteOrder | undefined, byteOrder: ByteOrder, log: RepairLog): void {
  const hex = header.machst.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  if (stamp === undefined) {
    log.repair('machine-stamp', `The machine stamp ${hex} names no byte order [${byteOrder}-endian, from the values].`)
  } else if (stamp !== byteOrder) {
    log.repair('byte-order', `The machine stamp ${hex} says ${stamp}-endian [${byteOrder}-endian, from the values].`)
  } else if (!['44 44', '44 41', '11 11'].includes(hex.slice(0, 5))) {
    log.repair('machine-stamp', `The machine stamp ${hex} is not one of the standard [read as ${byteOrder}-endian].`)
  }
}

/**
 * Length of the extended header. NSYMBT is believed unless it can't be right: negative, beyond the end of the file, or set in a
 * file whose voxels fill it exactly without one.
 */
function extendedHeaderLength(header: MrcHeader, dataBytes: number, fileBytes: number, log: RepairLog): number {
  const room = fileBytes - headerByteLength
  const length = header.nsymbt
  if (length === 0) return 0
  if (length > 0 && length <= room && room !== dataBytes) return length
  log.repair('extended-header-length', `The extended header's length ${length} can't be right [0].`)
  return 0
}

function interpretStack(header: MrcHeader, log: RepairLog): { isVolumeStack: boolean; sectionsPerVolume: number } {
  // MRC2014: space groups 401 to 630 are stacks of volumes, mz sections each.
  const isVolumeStack = header.ispg >= 401 && header.ispg <= 630
  if (!isVolumeStack) return { isVolumeStack, sectionsPerVolume: header.nz }
  if (header.mz > 0 && header.nz % header.mz === 0) return { isVolumeStack, sectionsPerVolume: header.mz }
  log.repair(
    'volume-stack',
    `A stack of volumes of ${header.mz} sections can't have ${header.nz} sections [read as one volume].`
  )
  return { isVolumeStack, sectionsPerVolume: header.nz }
}

function interpretLabels(header: MrcHeader, log: RepairLog): string[] {
  // Labels are padded with blanks, or end at a NUL.
  const trimmed = header.label.map((label) => label.split('\0', 1)[0].trimEnd())
  if (header.nlabl >= 0 && header.nlabl <= labelLimit) return trimmed.slice(0, header.nlabl)
  const used = trimmed.filter((label) => label !== '')
  log.repair('label-count', `The number of labels is ${header.nlabl} [${used.length}, those that are not blank].`)
  return used
}
