/**
 * Baseline TIFF 6.0, little-endian, uncompressed, one strip a page. Ours, because what npm offers writes geographic tags (geotiff), eight bits
 * (utif), or floats as bytes (sharp).
 */
export interface TiffPage {
  width: number
  height: number
  /** Top row first: 16-bit RGB, or one 32-bit float a pixel. */
  samples: Uint16Array | Float32Array
  /** Pixels per inch along x and y; null where the pixels have no length. */
  pixelsPerInch: { x: number; y: number } | null
  /** ImageDescription; ASCII as TIFF wants it, other characters are written as ?. */
  description: string
}

/** TIFF field types, their bytes. */
const types = { ascii: [2, 1], short: [3, 2], long: [4, 4], rational: [5, 8] } as const

interface Field {
  tag: number
  type: keyof typeof types
  values: readonly number[]
}

export function writeTiff(pages: readonly TiffPage[]): Uint8Array {
  const chunks: Uint8Array[] = []
  let length = 0
  const add = (bytes: Uint8Array): number => {
    const at = length
    chunks.push(bytes)
    length += bytes.length
    // Offsets are even.
    if (length % 2 === 1) {
      chunks.push(new Uint8Array(1))
      length++
    }
    return at
  }
  const header = new Uint8Array([0x49, 0x49, 42, 0, 0, 0, 0, 0])
  add(header)
  // Where the offset of the next directory is to be written.
  let link = { bytes: header, at: 4 }
  for (const page of pages) {
    const strip = add(littleEndian(page.samples))
    const fields = fieldsOf(page, strip)
    const directory = new Uint8Array(2 + fields.length * 12 + 4)
    const view = new DataView(directory.buffer)
    view.setUint16(0, fields.length, true)
    fields.forEach(({ tag, type, values }, i) => {
      const [code, size] = types[type]
      const count = type === 'rational' ? values.length / 2 : values.length
      const entry = 2 + i * 12
      view.setUint16(entry, tag, true)
      view.setUint16(entry + 2, code, true)
      view.setUint32(entry + 4, count, true)
      const packed = packedValues(type, values)
      if (size * count <= 4) directory.set(packed, entry + 8)
      else view.setUint32(entry + 8, add(packed), true)
    })
    const at = add(directory)
    new DataView(link.bytes.buffer).setUint32(link.at, at, true)
    link = { bytes: directory, at: directory.length - 4 }
  }
  if (length > 0xffffffff) throw new RangeError('A TIFF file holds less than 4 GiB.')
  const out = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    out.set(chunk, at)
    at += chunk.length
  }
  return out
}

function fieldsOf({ width, height, samples, pixelsPerInch, description }: TiffPage, strip: number): Field[] {
  const isFloat = samples instanceof Float32Array
  const channels = isFloat ? 1 : 3
  const repeated = (value: number): number[] => new Array<number>(channels).fill(value)
  const fields: Field[] = [
    { tag: 256, type: 'long', values: [width] },
    { tag: 257, type: 'long', values: [height] },
    { tag: 258, type: 'short', values: repeated(isFloat ? 32 : 16) },
    // No compression.
    { tag: 259, type: 'short', values: [1] },
    // Black is zero, or RGB.
    { tag: 262, type: 'short', values: [isFloat ? 1 : 2] },
    { tag: 270, type: 'ascii', values: asciiOf(description) },
    { tag: 273, type: 'long', values: [strip] },
    { tag: 277, type: 'short', values: [channels] },
    { tag: 278, type: 'long', values: [height] },
    { tag: 279, type: 'long', values: [samples.byteLength] }
  ]
  if (pixelsPerInch) {
    fields.push({ tag: 282, type: 'rational', values: rational(pixelsPerInch.x) })
    fields.push({ tag: 283, type: 'rational', values: rational(pixelsPerInch.y) })
    fields.push({ tag: 296, type: 'short', values: [2] })
  }
  // Unsigned whole numbers, or IEEE floats.
  fields.push({ tag: 339, type: 'short', values: repeated(isFloat ? 3 : 1) })
  return fields
}

/** Two 32-bit numbers: voxels of a few Angstrom have more than 2^32 ten-thousandths of a pixel an inch. */
function rational(value: number): [number, number] {
  const denominator = value < 400_000 ? 10_000 : 1
  return [Math.round(value * denominator), denominator]
}

function packedValues(type: keyof typeof types, values: readonly number[]): Uint8Array {
  const width = type === 'ascii' ? 1 : type === 'short' ? 2 : 4
  const bytes = new Uint8Array(values.length * width)
  const view = new DataView(bytes.buffer)
  values.forEach((value, i) => {
    if (width === 1) view.setUint8(i, value)
    else if (width === 2) view.setUint16(i * 2, value, true)
    else view.setUint32(i * 4, value, true)
  })
  return bytes
}

function asciiOf(text: string): number[] {
  const codes = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 63
    return code === 10 || (code >= 32 && code < 127) ? code : 63
  })
  return [...codes, 0]
}

function littleEndian(samples: Uint16Array | Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.byteLength)
  const view = new DataView(bytes.buffer)
  if (samples instanceof Float32Array) samples.forEach((value, i) => view.setFloat32(i * 4, value, true))
  else samples.forEach((value, i) => view.setUint16(i * 2, value, true))
  return bytes
}
