import type { Graph } from '../graph.ts'
import type { ElementType } from '../model/element-type.ts'
import { typedArrayOf } from '../model/element-type.ts'
import { elementCount } from '../model/initializer.ts'
import type { Value } from '../model/node.ts'
import { range, size } from './broadcasting.ts'

// Beyond this many sources for one element a matrix product beats a sum of gathers.
const maximumRounds = 4

/** Pads one axis with zeros. */
export const padAxis = (
  graph: Graph,
  value: Value,
  rank: number,
  axis: number,
  before: number,
  after: number
): Value => {
  if (before === 0 && after === 0) return value
  const pads = Array.from({ length: 2 * rank }, () => 0)
  pads[axis] = before
  pads[rank + axis] = after
  return graph.pad(value, pads)
}

/** Cuts [start, end) out of one axis. */
export const sliceAxis = (graph: Graph, value: Value, axis: number, start: number, end: number): Value =>
  graph.slice(value, [start], [end], [axis])

/** Reverses one axis. */
export const flipAxis = (graph: Graph, value: Value, axis: number): Value =>
  // The smallest int64 the runtime clamps to "before the first element".
  graph.slice(value, [-1], [-(2 ** 31)], [axis], [-1])

const stepOf = (indices: readonly number[]): number | undefined => {
  const [first, second] = indices
  if (first === undefined || second === undefined) return 1
  const step = second - first
  return indices.every((index, at) => index === first + at * step) ? step : undefined
}

/**
 * Adjoint of taking `indices` along one axis (Gather, Slice, padding by reflection, …): adds element i of `value` to
 * element indices[i] of a zero tensor with `length` elements on that axis. Only operators that every provider has.
 */
export const scatterAlongAxis = (
  graph: Graph,
  value: Value,
  shape: readonly number[],
  axis: number,
  indices: readonly number[],
  length: number,
  type: ElementType
): Value => {
  const rank = shape.length
  const step = stepOf(indices)
  const first = indices[0] ?? 0
  const last = indices[indices.length - 1] ?? 0
  if (step === 1) return padAxis(graph, value, rank, axis, first, length - 1 - last)
  if (step === -1) return padAxis(graph, flipAxis(graph, value, axis), rank, axis, last, length - 1 - first)
  // sources[j] lists the elements that were taken from j.
  const sources = range(length).map((): number[] => [])
  indices.forEach((index, at) => sources[index]?.push(at))
  const rounds = Math.max(...sources.map((list) => list.length))
  if (rounds > maximumRounds) {
    const matrix = new Float64Array(length * indices.length)
    indices.forEach((index, at) => (matrix[index * indices.length + at] = 1))
    return applyAlongAxis(graph, value, shape, axis, matrix, length, type)
  }
  // Element j takes its r-th source in round r, and a zero behind the end where it has fewer.
  const zero = indices.length
  const padded = padAxis(graph, value, rank, axis, 0, 1)
  const parts = range(rounds).map((round) =>
    graph.gather(padded, graph.integers(sources.map((list) => list[round] ?? zero)), axis)
  )
  return parts.reduce((total, part) => graph.add(total, part))
}

/**
 * Applies a constant matrix (rows x size of the axis, C order) along one axis.
 */
export const applyAlongAxis = (
  graph: Graph,
  value: Value,
  shape: readonly number[],
  axis: number,
  matrix: Float64Array,
  rows: number,
  type: ElementType
): Value => {
  const columns = size(shape, axis)
  const inner = elementCount(shape.slice(axis + 1))
  const outer = elementCount(shape.slice(0, axis))
  const result = [...shape.slice(0, axis), rows, ...shape.slice(axis + 1)]
  const constant = (numbers: readonly number[], dimensions: readonly number[]): Value =>
    graph.constant(typedArrayOf(type, numbers), dimensions, undefined, type)
  if (inner === 1) {
    // One product of all rows by the transposed matrix, instead of one matrix-vector product each.
    const transposed = range(rows * columns).map((at) => matrix[(at % rows) * columns + Math.floor(at / rows)] ?? 0)
    const flat = graph.reshape(value, [outer, columns])
    return graph.reshape(graph.matmul(flat, constant(transposed, [columns, rows])), result)
  }
  const product = graph.matmul(
    constant(Array.from(matrix), [rows, columns]),
    graph.reshape(value, [outer, columns, inner])
  )
  return graph.reshape(product, result)
}
