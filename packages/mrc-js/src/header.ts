import type { ByteOrder } from './byte-order.ts'

export const headerByteLength = 1024
export const labelByteLength = 80
export const labelLimit = 10

/**
 * Every field of the 1024-byte MRC2014 header, raw as in the file (names of the standard, words 1 to 256), and the two IMOD fields that
 * live inside `extra`. Nothing here is repaired: see MrcFile for the values to use.
 */
export interface MrcHeader {
  nx: number
  ny: number
  nz: number
  mode: number
  nxstart: number
  nystart: number
  nzstart: number
  mx: number
  my: number
  mz: number
  /** Cell size in angstrom. */
  cella: { x: number; y: number; z: number }
  /** Cell angles in degrees. */
  cellb: { alpha: number; beta: number; gamma: number }
  mapc: number
  mapr: number
  maps: number
  dmin: number
  dmax: number
  dmean: number
  ispg: number
  nsymbt: number
  /** Words 25 to 49: 100 bytes, of which bytes 8 to 15 are `exttyp` and `nversion`. */
  extra: Uint8Array
  exttyp: string
  nversion: number
  /** 'IMOD' stamp of byte 152 and the flags after it; 0 where the writer was another program. */
  imodStamp: number
  imodFlags: number
  /** Phase origin or origin of the subvolume, in angstrom. */
  origin: { x: number; y: number; z: number }
  map: string
  machst: readonly [number, number, number, number]
  rms: number
  nlabl: number
  /** All ten labels, 80 characters each, untrimmed. */
  label: string[]
}

/** 'IMOD' read as a little-endian integer. */
export const imodStampValue = 1146047817
export const imodFlag = { signedBytes: 1, fourBitBytes: 16 } as const

/** Reads the fixed header. `bytes` must hold at least 1024 bytes. */
export function decodeHeader(bytes: Uint8Array, byteOrder: ByteOrder): MrcHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerByteLength)
  const little = byteOrder === 'little'
  const int = (offset: number): number => view.getInt32(offset, little)
  const float = (offset: number): number => view.getFloat32(offset, little)
  const text = (offset: number, length: number): string => latin1(bytes.subarray(offset, offset + length))
  return {
    nx: int(0),
    ny: int(4),
    nz: int(8),
    mode: int(12),
    nxstart: int(16),
    nystart: int(20),
    nzstart: int(24),
    mx: int(28),
    my: int(32),
    mz: int(36),
    cella: { x: float(40), y: float(44), z: float(48) },
    cellb: { alpha: float(52), beta: float(56), gamma: float(60) },
    mapc: int(64),
    mapr: int(68),
    maps: int(72),
    dmin: float(76),
    dmax: float(80),
    dmean: float(84),
    ispg: int(88),
    nsymbt: int(92),
    extra: new Uint8Array(bytes.subarray(96, 196)),
    exttyp: text(104, 4),
    nversion: int(108),
    imodStamp: int(152),
    imodFlags: int(156),
    origin: { x: float(196), y: float(200), z: float(204) },
    map: text(208, 4),
    machst: [bytes[212], bytes[213], bytes[214], bytes[215]],
    rms: float(216),
    nlabl: int(220),
    label: Array.from({ length: labelLimit }, (_, i) => text(224 + i * labelByteLength, labelByteLength))
  }
}

/** Writes the fixed header: the exact inverse of decodeHeader. */
export function encodeHeader(header: MrcHeader, byteOrder: ByteOrder): Uint8Array {
  const bytes = new Uint8Array(headerByteLength)
  const view = new DataView(bytes.buffer)
  const little = byteOrder === 'little'
  const ints = (offset: number, ...values: number[]): void =>
    values.forEach((value, i) => view.setInt32(offset + 4 * i, value, little))
  const floats = (offset: number, ...values: number[]): void =>
    values.forEach((value, i) => view.setFloat32(offset + 4 * i, value, little))
  const text = (offset: number, length: number, value: string): void =>
    bytes.set(latin1Bytes(value).subarray(0, length), offset)
  ints(0, header.nx, header.ny, header.nz, header.mode, header.nxstart, header.nystart, header.nzstart)
  ints(28, header.mx, header.my, header.mz)
  floats(40, header.cella.x, header.cella.y, header.cella.z)
  floats(52, header.cellb.alpha, header.cellb.beta, header.cellb.gamma)
  ints(64, header.mapc, header.mapr, header.maps)
  floats(76, header.dmin, header.dmax, header.dmean)
  ints(88, header.ispg, header.nsymbt)
  bytes.set(header.extra.subarray(0, 100), 96)
  text(104, 4, header.exttyp)
  ints(108, header.nversion)
  ints(152, header.imodStamp, header.imodFlags)
  floats(196, header.origin.x, header.origin.y, header.origin.z)
  text(208, 4, header.map)
  bytes.set(header.machst, 212)
  floats(216, header.rms)
  ints(220, header.nlabl)
  header.label.slice(0, labelLimit).forEach((label, i) => text(224 + i * labelByteLength, labelByteLength, label))
  return bytes
}

/** One character a byte, so that decoding and encoding keep every byte of labels in unknown encodings. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function latin1Bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0
    return code < 256 ? code : 63
  })
}
