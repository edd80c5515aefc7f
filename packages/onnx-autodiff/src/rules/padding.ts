import { stringAttribute } from '../model/node.ts'
import { positiveAxis, range, size } from './broadcasting.ts'
import { scatterAlongAxis } from './index-map.ts'
import type { Rule, RuleDefinition } from './rule.ts'

/** Which element of an axis a padded position repeats. */
const sourceIndex = (mode: string, at: number, length: number): number => {
  if (mode === 'edge') return Math.min(Math.max(at, 0), length - 1)
  if (mode === 'wrap') return ((at % length) + length) % length
  if (length === 1) return 0
  // Reflection without repeating the edge has period 2 (length - 1).
  const period = 2 * (length - 1)
  const within = ((at % period) + period) % period
  return within < length ? within : period - within
}

const pad: Rule = ({ graph, node, x, y, dy, type, shape, input, constant }) => {
  const from = shape(x)
  const rank = from.length
  const mode = stringAttribute(node, 'mode', 'constant')
  const given = constant(node.inputs[1] ?? '')
  const axesInput = input(3)
  const axes = axesInput === undefined ? range(rank) : constant(axesInput).map((axis) => positiveAxis(axis, rank))
  const current = [...shape(y)]
  let gradient = dy
  const starts: number[] = []
  const ends: number[] = []
  const cropped: number[] = []
  const crops = Array.from({ length: 2 * rank }, () => 0)
  axes.forEach((axis, at) => {
    const before = given[at] ?? 0
    const after = given[axes.length + at] ?? 0
    const length = size(from, axis)
    if (before === 0 && after === 0) return
    if (mode !== 'constant') {
      const indices = range(size(current, axis)).map((position) => sourceIndex(mode, position - before, length))
      gradient = scatterAlongAxis(graph, gradient, current, axis, indices, length, type)
      current[axis] = length
      return
    }
    // A negative pad is a crop, whose adjoint is padding.
    crops[axis] = Math.max(0, -before)
    crops[rank + axis] = Math.max(0, -after)
    if (before > 0 || after > 0) {
      cropped.push(axis)
      starts.push(Math.max(0, before))
      ends.push(size(current, axis) - Math.max(0, after))
    }
  })
  if (cropped.length > 0) gradient = graph.slice(gradient, starts, ends, cropped)
  if (crops.some((crop) => crop > 0)) gradient = graph.pad(gradient, crops)
  return node.inputs.map((_, index) => (index === 0 ? gradient : undefined))
}

export const padding: Record<string, RuleDefinition> = { Pad: { gradient: pad } }
