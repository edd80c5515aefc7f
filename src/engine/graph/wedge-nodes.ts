import type { Graph } from 'onnx-autodiff'
import type { SpectralPlane } from '../wedge/mask.ts'
import { splitPlane } from '../wedge/symbol.ts'
import type { FilterNodes } from './cas.ts'

/** T_M's symbol as constants of a graph: it depends on two frequencies only and is the same along the tilt axis. */
export function wedgeFilter(graph: Graph, plane: SpectralPlane): FilterNodes {
  const split = splitPlane(plane)
  const shape = [1, 1, 1, 1, 1]
  plane.axes.forEach((axis, i) => (shape[axis + 2] = plane.size[i]))
  return {
    axes: plane.axes,
    even: graph.constant(split.even, shape),
    odd: split.odd && { axes: plane.axes, values: graph.constant(split.odd, shape) }
  }
}

/** True where T_M is a projection, T_M T_M = T_M. */
export function isBinary(plane: SpectralPlane): boolean {
  return plane.values.every((value) => value === 0 || value === 1)
}

/** True where T_M's symbol has an odd part: a tilt range that is not symmetric. What is made of it has one, too. */
export function isAsymmetric(plane: SpectralPlane): boolean {
  return splitPlane(plane).odd !== null
}
