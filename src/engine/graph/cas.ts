import type { Graph, Value } from 'onnx-autodiff'
import type { AxisIndex } from '../fourier/field.ts'
import { casMatrix } from '../wedge/symbol.ts'

/** Shape of a batch of volumes: (B, C, D, H, W). */
export type BatchShape = readonly [batch: number, channels: number, depth: number, height: number, width: number]

/** A filter in a graph: F^-1 [S .* F x] for a symbol split by parity (engine/wedge/symbol.ts). */
export interface FilterNodes {
  /** Volume axes that the symbol depends on; the others are left alone. */
  readonly axes: readonly AxisIndex[]
  /** Part that is even in every axis; broadcasts against (B, C, D, H, W). */
  readonly even: Value
  /** Part that is odd in two axes; null where there is none, as for a symmetric tilt range. */
  readonly odd: { readonly axes: readonly [AxisIndex, AxisIndex]; readonly values: Value } | null
}

/** The orthonormal cas (Hartley) transform of volumes as matrix products: real, symmetric, its own inverse. */
export class CasNodes {
  readonly #graph: Graph
  readonly #shape: BatchShape
  readonly #matrices = new Map<number, Value>()
  readonly #flips = new Map<number, Value>()

  constructor(graph: Graph, shape: BatchShape) {
    this.#graph = graph
    this.#shape = shape
  }

  /** The transform along some volume axes (0 = z). */
  transform(value: Value, axes: readonly AxisIndex[]): Value {
    return axes.reduce((current, axis) => this.#along(current, axis), value)
  }

  /** F^-1 [S .* F x]. The symbol is real and even, so the operator is its own adjoint. */
  filter(value: Value, { axes, even, odd }: FilterNodes): Value {
    const graph = this.#graph
    const spectrum = this.transform(value, axes)
    let filtered = graph.mul(spectrum, even)
    if (odd) filtered = graph.sub(filtered, graph.mul(this.#flip(spectrum, odd.axes), odd.values))
    return this.transform(filtered, axes)
  }

  #along(value: Value, axis: AxisIndex): Value {
    const graph = this.#graph
    const [batch, channels, depth, height, width] = this.#shape
    const length = this.#shape[axis + 2]
    if (length === 1) return value
    if (axis === 2) return graph.matmul(value, this.#matrix(width))
    if (axis === 1) return graph.matmul(this.#matrix(height), value)
    // Along z a plane is one long row: no transpose is needed.
    const rows = graph.reshape(value, [batch, channels, depth, height * width])
    return graph.reshape(graph.matmul(this.#matrix(depth), rows), this.#shape)
  }

  #flip(value: Value, axes: readonly AxisIndex[]): Value {
    return axes.reduce((current, axis) => {
      const length = this.#shape[axis + 2]
      let indices = this.#flips.get(length)
      if (indices === undefined) {
        const mirror = BigInt64Array.from({ length }, (_, k) => BigInt((length - k) % length))
        indices = this.#graph.constant(mirror, [length])
        this.#flips.set(length, indices)
      }
      return this.#graph.gather(current, indices, axis + 2)
    }, value)
  }

  #matrix(length: number): Value {
    let matrix = this.#matrices.get(length)
    if (matrix === undefined) {
      matrix = this.#graph.constant(casMatrix(length), [length, length])
      this.#matrices.set(length, matrix)
    }
    return matrix
  }
}
