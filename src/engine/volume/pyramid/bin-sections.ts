/** Halves of an odd length are rounded up: the last bin then holds what is there. */
export function halved(length: number): number {
  return Math.ceil(length / 2)
}

/**
 * Mean binning by 2 of a volume that comes section by section (rows y, columns x). Bins at the far edge of an odd axis are the mean of
 * what is there; values that are not finite are left out, and a bin of nothing else is NaN. Memory: one binned section.
 */
export class SectionBinner {
  readonly columns: number
  readonly rows: number
  readonly #inColumns: number
  readonly #inRows: number
  readonly #emit: (section: Float32Array) => Promise<void>
  readonly #sums: Float64Array
  readonly #counts: Uint8Array
  #isHalfFull = false

  /** `emit` gets each binned section; the array is used again afterwards. */
  constructor(columns: number, rows: number, emit: (section: Float32Array) => Promise<void>) {
    this.#inColumns = columns
    this.#inRows = rows
    this.columns = halved(columns)
    this.rows = halved(rows)
    this.#emit = emit
    this.#sums = new Float64Array(this.columns * this.rows)
    this.#counts = new Uint8Array(this.columns * this.rows)
    this.#out = new Float32Array(this.columns * this.rows)
  }

  readonly #out: Float32Array

  async push(section: Float32Array): Promise<void> {
    this.#add(section)
    if (this.#isHalfFull) await this.#emitMeans()
    else this.#isHalfFull = true
  }

  /** Emits the last section of an odd number of them. */
  async finish(): Promise<void> {
    if (this.#isHalfFull) await this.#emitMeans()
  }

  #add(section: Float32Array): void {
    const inColumns = this.#inColumns
    const pairs = inColumns >> 1
    for (let row = 0, to = 0; row < this.rows; row++) {
      const upper = 2 * row * inColumns
      const hasLower = 2 * row + 1 < this.#inRows
      const lower = hasLower ? upper + inColumns : upper
      for (let column = 0; column < pairs; column++, to++) {
        const at = 2 * column
        const a = section[upper + at]
        const b = section[upper + at + 1]
        const c = hasLower ? section[lower + at] : 0
        const d = hasLower ? section[lower + at + 1] : 0
        const sum = a + b + c + d
        // Finite exactly when all four are, since the sum is in float64.
        if (sum - sum === 0) {
          this.#sums[to] += sum
          this.#counts[to] += hasLower ? 4 : 2
        } else this.#addFinite(to, hasLower ? [a, b, c, d] : [a, b])
      }
      if (inColumns % 2 === 1) {
        const last = inColumns - 1
        this.#addFinite(to++, hasLower ? [section[upper + last], section[lower + last]] : [section[upper + last]])
      }
    }
  }

  #addFinite(to: number, values: readonly number[]): void {
    for (const value of values) {
      if (!Number.isFinite(value)) continue
      this.#sums[to] += value
      this.#counts[to]++
    }
  }

  async #emitMeans(): Promise<void> {
    const out = this.#out
    for (let i = 0; i < out.length; i++) out[i] = this.#sums[i] / this.#counts[i]
    this.#sums.fill(0)
    this.#counts.fill(0)
    this.#isHalfFull = false
    await this.#emit(out)
  }
}
