import { OnnxAutodiffError } from '../errors.ts'
import { bytesPerElement, elementTypeOfArray, typedView } from './element-type.ts'
import type { ElementType, TypedArray } from './element-type.ts'

/** Where a tensor's bytes lie when they are in a file beside the model. */
export interface ExternalData {
  /** Path relative to the model file. */
  location: string
  /** Bytes from the start of the file. */
  offset?: number
  /** Length in bytes. */
  length?: number
}

export const elementCount = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1)

/**
 * A constant tensor. Its bytes are those of the decoded file or of the caller's array, shared between graphs and never
 * copied until a model is encoded; with external data only the reference is held.
 */
export class Initializer {
  readonly type: ElementType
  readonly shape: readonly number[]
  readonly external: ExternalData | undefined
  #bytes: Uint8Array | undefined
  #data: TypedArray | undefined

  private constructor(type: ElementType, shape: readonly number[], source: Uint8Array | ExternalData) {
    this.type = type
    this.shape = shape
    if (source instanceof Uint8Array) {
      this.#bytes = source
      this.external = undefined
    } else this.external = source
  }

  /** `data` in C order; its length must be the product of `shape`. */
  static fromData(
    data: TypedArray,
    shape: readonly number[],
    type: ElementType = elementTypeOfArray(data)
  ): Initializer {
    if (data.length !== elementCount(shape)) {
      throw new OnnxAutodiffError(
        'shape-mismatch',
        `A constant of shape [${shape.join(', ')}] needs ${elementCount(shape)} values, not ${data.length}.`
      )
    }
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const initializer = new Initializer(type, [...shape], bytes)
    initializer.#data = data
    return initializer
  }

  /** Raw little-endian bytes. */
  static fromBytes(bytes: Uint8Array, shape: readonly number[], type: ElementType, name = ''): Initializer {
    if (type !== 'string' && bytes.byteLength !== elementCount(shape) * bytesPerElement(type)) {
      throw new OnnxAutodiffError(
        'shape-mismatch',
        `Constant "${name}" of shape [${shape.join(', ')}] (${type}) has ${bytes.byteLength} bytes instead of ` +
          `${elementCount(shape) * bytesPerElement(type)}.`
      )
    }
    return new Initializer(type, [...shape], bytes)
  }

  static fromExternal(external: ExternalData, shape: readonly number[], type: ElementType): Initializer {
    return new Initializer(type, [...shape], external)
  }

  /** Bytes held in memory; undefined where the data are external. */
  get bytes(): Uint8Array | undefined {
    return this.#bytes
  }

  /** Typed values; undefined where the data are external. */
  get data(): TypedArray | undefined {
    if (this.#data === undefined && this.#bytes !== undefined) {
      this.#data = typedView(this.type, this.#bytes)
      // Where alignment forced a copy, only the copy is kept.
      this.#bytes = new Uint8Array(this.#data.buffer, this.#data.byteOffset, this.#data.byteLength)
    }
    return this.#data
  }

  /** Values as numbers (64-bit integers included), for the small tensors that steer operators. */
  numbers(): number[] | undefined {
    const { data } = this
    return data === undefined ? undefined : Array.from(data as ArrayLike<number | bigint>, Number)
  }
}
