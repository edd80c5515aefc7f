import type { Graph } from '../graph.ts'
import type { Value } from '../model/node.ts'

export const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** The axes counted from the front. */
export const positiveAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)

export const range = (length: number): number[] => Array.from({ length }, (_, index) => index)

/** Size of an axis; axes outside the shape have size 1, as in broadcasting. */
export const size = (shape: readonly number[], axis: number): number => shape[axis] ?? 1

/** Adjoint of broadcasting `to` to `from`: sums over the axes that were repeated. */
export const reduceTo = (graph: Graph, value: Value, from: readonly number[], to: readonly number[]): Value => {
  if (sameShape(from, to)) return value
  const extra = from.length - to.length
  const axes = range(from.length).filter(
    (axis) => size(from, axis) !== 1 && (axis < extra || size(to, axis - extra) === 1)
  )
  const summed = axes.length === 0 ? value : graph.reduceSum(value, axes)
  return extra === 0 ? summed : graph.reshape(summed, to)
}

/** Result shape of numpy broadcasting. */
export const broadcastShape = (...shapes: (readonly number[])[]): number[] => {
  const rank = Math.max(...shapes.map((shape) => shape.length))
  return range(rank).map((axis) => {
    const sizes = shapes.map((shape) => size(shape, axis - (rank - shape.length)))
    return sizes.find((length) => length !== 1) ?? 1
  })
}
