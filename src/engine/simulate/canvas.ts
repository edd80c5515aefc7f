import type { Frame } from './frame.ts'

/** The voxels that one object touches and what it adds to them; indices in C order (z, y, x). */
export interface Drawn {
  readonly indices: Int32Array
  readonly values: Float32Array
}

/** Collects one object at a time. Parts of it may overlap: they add up. */
export class Canvas {
  readonly frame: Frame
  readonly #sums: Float64Array
  readonly #isTouched: Uint8Array
  #touched: Int32Array
  #count = 0

  constructor(frame: Frame) {
    this.frame = frame
    const { x, y, z } = frame.size
    this.#sums = new Float64Array(x * y * z)
    this.#isTouched = new Uint8Array(x * y * z)
    this.#touched = new Int32Array(4096)
  }

  add(index: number, value: number): void {
    if (this.#isTouched[index] === 0) {
      this.#isTouched[index] = 1
      if (this.#count === this.#touched.length) {
        const larger = new Int32Array(2 * this.#count)
        larger.set(this.#touched)
        this.#touched = larger
      }
      this.#touched[this.#count++] = index
    }
    this.#sums[index] += value
  }

  /** The object drawn so far; the canvas is empty again. */
  take(): Drawn {
    const indices = this.#touched.slice(0, this.#count)
    const values = Float32Array.from(indices, (index) => this.#sums[index])
    for (const index of indices) {
      this.#sums[index] = 0
      this.#isTouched[index] = 0
    }
    this.#count = 0
    return { indices, values }
  }
}
