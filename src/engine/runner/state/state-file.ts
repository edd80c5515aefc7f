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

interface StoredArray {
  kind: ArrayKind
  length: number
}
interface Document {
  value: unknown
  arrays: StoredArray[]
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
    const head = await readExactly(file, 16)
    if (!head.subarray(0, 8).equals(magic)) throw notAState(path)
    const textLength = Number(head.readBigUInt64LE(8))
    const { size } = await file.stat()
    if (16 + textLength > size) throw notAState(path)
    const document = JSON.parse((await readExactly(file, textLength)).toString('utf8')) as Document
    await readExactly(file, padding(textLength))
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

function restore(described: unknown, arrays: readonly PlainArray[]): unknown {
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
