import { upgradeOpset } from '../opset.ts'
import { elementCount } from '../model/initializer.ts'
import { intAttribute, stringAttribute } from '../model/node.ts'
import type { Value } from '../model/node.ts'
import { positiveAxis, range, size } from './broadcasting.ts'
import { scatterAlongAxis } from './index-map.ts'
import type { Rule, RuleContext, RuleDefinition } from './rule.ts'
import { zerosOf } from './structure.ts'

// ScatterElements and ScatterND can add since this opset.
const scatterAddOpset = 16

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high)

/** The indices that a Slice takes along one axis, by the standard's clamping rules. */
export const sliceIndices = (length: number, start: number, end: number, step: number): number[] => {
  const absolute = (at: number): number => (at < 0 ? at + length : at)
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1]
  const first = clamp(absolute(start), step > 0 ? 0 : 0, high)
  // For negative steps an end before the first element is written as a very negative number.
  const stop = clamp(absolute(end), low, high)
  const count = Math.max(0, Math.ceil((stop - first) / step))
  return range(count).map((at) => first + at * step)
}

const slice: Rule = ({ graph, node, x, y, dy, type, shape, input, constant }) => {
  const from = shape(x)
  const starts = constant(node.inputs[1] ?? '')
  const ends = constant(node.inputs[2] ?? '')
  const axesInput = input(3)
  const stepsInput = input(4)
  const axes = axesInput === undefined ? range(starts.length) : constant(axesInput)
  const steps = stepsInput === undefined ? starts.map(() => 1) : constant(stepsInput)
  const current = [...shape(y)]
  let gradient = dy
  // Contiguous pieces of several axes need one padding only.
  const pads = Array.from({ length: 2 * from.length }, () => 0)
  axes.forEach((given, at) => {
    const axis = positiveAxis(given, from.length)
    const length = size(from, axis)
    const indices = sliceIndices(length, starts[at] ?? 0, ends[at] ?? length, steps[at] ?? 1)
    if ((steps[at] ?? 1) === 1 && indices.length > 0) {
      pads[axis] = indices[0] ?? 0
      pads[from.length + axis] = length - indices.length - (indices[0] ?? 0)
      return
    }
    gradient = scatterAlongAxis(graph, gradient, current, axis, indices, length, type)
    current[axis] = length
  })
  const result = pads.every((pad) => pad === 0) ? gradient : graph.pad(gradient, pads)
  return node.inputs.map((_, index) => (index === 0 ? result : undefined))
}

const gather: Rule = (context) => {
  const { graph, node, x, dy, type, shape } = context
  const from = shape(x)
  const [, indices = ''] = node.inputs
  const axis = positiveAxis(intAttribute(node, 'axis', 0), from.length)
  const length = size(from, axis)
  const count = elementCount(shape(indices))
  // The index axes, however many, become one.
  const flat = [...from.slice(0, axis), count, ...from.slice(axis + 1)]
  const gradient = graph.reshape(dy, flat)
  const constant = graph.constantNumbers(indices)
  if (constant !== undefined) {
    const positive = constant.map((index) => positiveAxis(index, length))
    return [scatterAlongAxis(graph, gradient, flat, axis, positive, length, type), undefined]
  }
  upgradeOpset(graph, scatterAddOpset)
  const column = flat.map((_, other) => (other === axis ? count : 1))
  const expanded = graph.expand(graph.reshape(indices, column), flat)
  return [
    graph.node('ScatterElements', [zerosOf(context, from), expanded, gradient], { axis, reduction: 'add' }),
    undefined
  ]
}

const gatherElements: Rule = (context) => {
  const { graph, node, x, dy, shape } = context
  upgradeOpset(graph, scatterAddOpset)
  const axis = intAttribute(node, 'axis', 0)
  const inputs = [zerosOf(context, shape(x)), node.inputs[1] ?? '', dy]
  return [graph.node('ScatterElements', inputs, { axis, reduction: 'add' }), undefined]
}

const gatherByTuple: Rule = (context) => {
  const { graph, node, x, dy, shape } = context
  upgradeOpset(graph, scatterAddOpset)
  const inputs = [zerosOf(context, shape(x)), node.inputs[1] ?? '', dy]
  return [graph.node('ScatterND', inputs, { reduction: 'add' }), undefined]
}

/** Where updates overwrite, the data's gradient is cleared there; where they are added, both get theirs. */
const scatter =
  (gatherType: 'GatherElements' | 'GatherND', fill: (context: RuleContext, indices: Value) => Value): Rule =>
  (context) => {
    const { graph, node, dy, wants } = context
    const [, indices = ''] = node.inputs
    const axis = gatherType === 'GatherElements' ? { axis: intAttribute(node, 'axis', 0) } : {}
    const adds = stringAttribute(node, 'reduction', 'none') === 'add'
    return [
      !wants(0) ? undefined : adds ? dy : fill(context, indices),
      undefined,
      wants(2) ? graph.node(gatherType, [dy, indices], axis) : undefined
    ]
  }

const refusesReduction: RuleDefinition['refuses'] = (node) => {
  const reduction = stringAttribute(node, 'reduction', 'none')
  return reduction === 'none' || reduction === 'add' ? undefined : `its reduction is "${reduction}"`
}

const scatterElements = scatter('GatherElements', (context, indices) => {
  const { graph, node, dy, shape } = context
  return graph.node('ScatterElements', [dy, indices, zerosOf(context, shape(indices))], {
    axis: intAttribute(node, 'axis', 0)
  })
})

const scatterByTuple = scatter('GatherND', (context, indices) => {
  const { graph, node, dy, shape } = context
  return graph.node('ScatterND', [dy, indices, zerosOf(context, shape(node.inputs[2] ?? ''))])
})

export const indexing: Record<string, RuleDefinition> = {
  Slice: { gradient: slice },
  Gather: { gradient: gather },
  GatherElements: { gradient: gatherElements },
  GatherND: {
    gradient: gatherByTuple,
    refuses: (node) => (intAttribute(node, 'batch_dims', 0) === 0 ? undefined : 'it has batch_dims')
  },
  ScatterElements: { gradient: scatterElements, refuses: refusesReduction },
  ScatterND: { gradient: scatterByTuple, refuses: refusesReduction }
}
