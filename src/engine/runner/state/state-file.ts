import { open, rename, rm, type FileHandle } from 'node:fs/promises'

/**
 * A file that holds one value of plain data: objects, arrays, strings, booleans, null, numbers and typed arrays of them. Typed arrays are
 * streamed as they lie in memory, so a state of many GiB needs no second copy; one that occurs twice is stored once, and is
 * one array again when read. Numbers come back to the bit, infinities and NaN included.
 *
 * Layout: 8 bytes magic and version, 8 bytes length of the text, the text (JSON, UTF-8), then the arrays, each at a multiple of 8.
 */
const magic = Buffer.from('WVSTATE1', 'latin1')

const arrayKinds = { Float32Array, Float64Array, Int32Array, Uint32Array, Uint8Array } as const
type ArrayKind = keyof typeof arrayKinds
type PlainArray = InstanceType<(typeof arrayKinds)[ArrayKind]>

interface ArrayPlace {
  kind: ArrayKind
  length: number
}
interface Document {
  value: unknown
  arrays: ArrayPlace[]
}

/** Bytes at a time: enough for full speed, little enough for any system's limit on one write. */
const pieceBytes = 1 << 26

/** Writes beside, flushes, renames: whoever reads finds this value, or the one before it. */
export async function writeStateFile(path: string, value: unknown): Promise<void> {
  const arrays: PlainArray[] = []
  const text = Buffer.from(JSON.stringify(describe(value, arrays)), 'utf8')
  const beside = `${path}.new`
  const file = await open(beside, 'w')
  try {
    const head = Buffer.alloc(16)
    magic.copy(head)
    head.writeBigUInt64LE(BigInt(text.length), 8)
    await writeAll(file, head)
    await writeAll(file, text)
    await writeAll(file, Buffer.alloc(padding(text.length)))
    for (const array of arrays) {
      await writeAll(file, new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
      await writeAll(file, Buffer.alloc(padding(array.byteLength)))
    }
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(beside, { force: true })
    throw error
  }
  await file.close()
  await rename(beside, path)
}

/**
 * @throws {Error} ENOENT where there is none; "not a state file" where it is another version's or damaged
 */
export async function readStateFile(path: string): Promise<unknown> {
  const file = await open(path, 'r')
  try {
    const { document } = await readDocument(file, path)
    const arrays: PlainArray[] = []
    for (const { kind, length } of document.arrays) {
      const array = new arrayKinds[kind](length)
      await readInto(file, new Uint8Array(array.buffer), path)
      await readExactly(file, padding(array.byteLength))
      arrays.push(array)
    }
    return restore(document.value, arrays)
  } finally {
    await file.close()
  }
}

/** An array of a state file that stays there until it is asked for. */
export class StoredArray {
  readonly length: number
  readonly #path: string
  readonly #kind: ArrayKind
  readonly #offset: number

  constructor(path: string, { kind, length }: ArrayPlace, offset: number) {
    this.#path = path
    this.#kind = kind
    this.length = length
    this.#offset = offset
  }

  /** Elements from `from` up to `to`. @throws {Error} where the file is not as it was */
  async read(from: number, to: number): Promise<PlainArray> {
    const array = new arrayKinds[this.#kind](to - from)
    const bytes = new Uint8Array(array.buffer)
    const file = await open(this.#path, 'r')
    try {
      const start = this.#offset + from * array.BYTES_PER_ELEMENT
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, bytes.length - at), start + at)
        if (bytesRead === 0) throw notAState(this.#path)
        at += bytesRead
      }
    } finally {
      await file.close()
    }
    return array
  }
}

/** As readStateFile, with a StoredArray in the place of each array. */
export async function openStateFile(path: string): Promise<unknown> {
  const file = await open(path, 'r')
  try {
    const { document, end, size } = await readDocument(file, path)
    let offset = end
    const arrays = document.arrays.map((stored) => {
      const array = new StoredArray(path, stored, offset)
      const bytes = stored.length * arrayKinds[stored.kind].BYTES_PER_ELEMENT
      offset += bytes + padding(bytes)
      return array
    })
    if (offset > size) throw notAState(path)
    return restore(document.value, arrays)
  } finally {
    await file.close()
  }
}

/** The text of a state file, and where its arrays begin. */
async function readDocument(
  file: FileHandle,
  path: string
): Promise<{ document: Document; end: number; size: number }> {
  const head = await readExactly(file, 16)
  if (!head.subarray(0, 8).equals(magic)) throw notAState(path)
  const textLength = Number(head.readBigUInt64LE(8))
  const { size } = await file.stat()
  if (16 + textLength > size) throw notAState(path)
  const document = JSON.parse((await readExactly(file, textLength)).toString('utf8')) as Document
  await readExactly(file, padding(textLength))
  return { document, end: 16 + textLength + padding(textLength), size }
}

function padding(length: number): number {
  return (8 - (length % 8)) % 8
}

/** The value with typed arrays, and numbers that JSON does not have, as marked objects. */
function describe(value: unknown, arrays: PlainArray[]): Document {
  const places = new Map<PlainArray, number>()
  const visit = (part: unknown): unknown => {
    if (typeof part === 'number')
      return Number.isFinite(part) && !Object.is(part, -0) ? part : { $number: nameOf(part) }
    if (part === undefined) return { $undefined: true }
    if (typeof part !== 'object' || part === null) return part
    if (isPlainArray(part)) {
      const place = places.get(part) ?? arrays.push(part) - 1
      places.set(part, place)
      return { $array: place }
    }
    if (Array.isArray(part)) return part.map(visit)
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, visit(inner)]))
  }
  const described = visit(value)
  return {
    value: described,
    arrays: arrays.map((array) => ({ kind: array.constructor.name as ArrayKind, length: array.length }))
  }
}

function restore(described: unknown, arrays: readonly (PlainArray | StoredArray)[]): unknown {
  if (typeof described !== 'object' || described === null) return described
  if (Array.isArray(described)) return described.map((part) => restore(part, arrays))
  if ('$number' in described) return described.$number === '-0' ? -0 : Number(described.$number)
  if ('$undefined' in described) return undefined
  if ('$array' in described) return arrays[Number(described.$array)]
  return Object.fromEntries(Object.entries(described).map(([key, inner]) => [key, restore(inner, arrays)]))
}

function nameOf(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

function isPlainArray(value: object): value is PlainArray {
  return Object.values(arrayKinds).some((kind) => value instanceof kind)
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, at, Math.min(pieceBytes, bytes.length - at))
    at += bytesWritten
  }
}

async function readExactly(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  await readInto(file, bytes, 'it')
  return bytes
}

async function readInto(file: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await file.read(bytes, at, Math.min(pieceBytes, bytes.length - at))
    if (bytesRead === 0) throw notAState(path)
    at += bytesRead
  }
}

function notAState(path: string): Error {
  return new Error(`${path} is not a state file of this version, or it is damaged.`)
}
