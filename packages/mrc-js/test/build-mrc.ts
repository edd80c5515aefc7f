import { decodeHeader, encodeHeader } from '../src/index.ts'
import type { ByteOrder, MrcHeader } from '../src/index.ts'

/** A correct header for a small volume, to be spoilt by a test. */
export function plainHeader(
  nx: number,
  ny: number,
  nz: number,
  mode: number,
  byteOrder: ByteOrder = 'little'
): MrcHeader {
  return {
    ...decodeHeader(new Uint8Array(1024), 'little'),
    nx,
    ny,
    nz,
    mode,
    mx: nx,
    my: ny,
    mz: nz,
    cella: { x: 10 * nx, y: 10 * ny, z: 10 * nz },
    cellb: { alpha: 90, beta: 90, gamma: 90 },
    mapc: 1,
    mapr: 2,
    maps: 3,
    ispg: 1,
    nversion: 20141,
    map: 'MAP ',
    machst: byteOrder === 'little' ? [0x44, 0x44, 0, 0] : [0x11, 0x11, 0, 0]
  }
}

/** A file in memory: header, extended header, voxels. */
export function fileBytes(
  header: MrcHeader,
  data: Uint8Array,
  options: { byteOrder?: ByteOrder; extended?: Uint8Array } = {}
): Uint8Array<ArrayBuffer> {
  const extended = options.extended ?? new Uint8Array(0)
  const bytes = new Uint8Array(1024 + extended.length + data.length)
  bytes.set(encodeHeader(header, options.byteOrder ?? 'little'))
  bytes.set(extended, 1024)
  bytes.set(data, 1024 + extended.length)
  return bytes
}

/** Numbers as bytes through DataView, independent of the package's own conversion. */
export function numberBytes(
  values: readonly number[],
  kind: 'Int8' | 'Uint8' | 'Int16' | 'Uint16' | 'Float32',
  byteOrder: ByteOrder = 'little'
): Uint8Array<ArrayBuffer> {
  const size = { Int8: 1, Uint8: 1, Int16: 2, Uint16: 2, Float32: 4 }[kind]
  const view = new DataView(new ArrayBuffer(values.length * size))
  const little = byteOrder === 'little'
  values.forEach((value, i) => {
    if (kind === 'Int8') view.setInt8(i, value)
    else if (kind === 'Uint8') view.setUint8(i, value)
    else if (kind === 'Int16') view.setInt16(i * size, value, little)
    else if (kind === 'Uint16') view.setUint16(i * size, value, little)
    else view.setFloat32(i * size, value, little)
  })
  return new Uint8Array(view.buffer)
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, i) => i)
}
