import type { Graph, GraphNode, Value } from 'onnx-autodiff'
import { integer, integers, rewrite } from './lowering-rewrite.ts'
import type { Shapes } from './lowering-rewrite.ts'

/** A stride-1 convolution that keeps the volume's size, with odd kernel edges. */
interface SameConvolution {
  x: Value
  weight: Value
  bias: Value | undefined
  batch: number
  inputs: number
  outputs: number
  size: readonly [number, number, number]
  kernel: readonly [number, number, number]
}

/**
 * Puts 2-D convolutions in place of 3-D ones where onnxruntime's CPU provider is faster with them: it unrolls a 3-D
 * convolution into a matrix (27 copies of the input for a 3 x 3 x 3 kernel), and convolves in 2-D directly.
 * `shapes` are those of the graph as it is now. The sums are the same ones in another order.
 */
export function convolveInPlanes(graph: Graph, shapes: Shapes): void {
  const zeros = new Map<string, Value>()
  rewrite(graph, (node) => {
    const convolution = sameConvolution(node, shapes)
    if (!convolution) return undefined
    const { inputs, outputs } = convolution
    if (inputs % 4 !== 0 || inputs < 8) return undefined
    if (outputs <= 3 || (outputs === 4 && inputs > 8)) return byTaps(graph, convolution)
    return fillsBlocks(inputs, outputs) ? byRows(graph, convolution, zeros) : undefined
  })
}

/** Channels of one vector register with AVX-512; the direct kernels compute whole blocks of them. */
const block = 16

/** Found by timing all pairs of 4 to 64 channels: 1.1 to 1.5 times faster where this is true, seldom where it is not. */
function fillsBlocks(inputs: number, outputs: number): boolean {
  const share = (channels: number): number => channels / (Math.ceil(channels / block) * block)
  return share(inputs) === 1 ? outputs >= 8 : share(inputs) * share(outputs) >= 0.7
}

function sameConvolution(node: GraphNode, shapes: Shapes): SameConvolution | null {
  if (node.opType !== 'Conv' || node.domain !== '') return null
  const [x, weight, bias] = node.inputs
  const shape = shapes.get(x)
  const kernel = shapes.get(weight)
  if (shape?.length !== 5 || kernel?.length !== 5 || integer(node, 'group', 1) !== 1) return null
  const edges = kernel.slice(2)
  const isOnes = (name: string): boolean => integers(node, name)?.every((value) => value === 1) ?? true
  const pads = integers(node, 'pads') ?? [0, 0, 0, 0, 0, 0]
  const isSame = edges.every((k, axis) => k % 2 === 1 && pads[axis] === (k - 1) / 2 && pads[axis + 3] === (k - 1) / 2)
  if (!isSame || !isOnes('strides') || !isOnes('dilations') || edges[0] < 3 || edges[1] < 3) return null
  return {
    x,
    weight,
    bias: bias || undefined,
    batch: shape[0],
    inputs: shape[1],
    outputs: kernel[0],
    size: [shape[2], shape[3], shape[4]],
    kernel: [edges[0], edges[1], edges[2]]
  }
}

/**
 * Planes one below the other are one image of D * H rows, in which a step along z is a dilation of H. A step along y
 * would run from the last row of a plane into the first of the next, so rows of zeros are put between; each step
 * along y is a 2-D convolution over (z, x) of its own, and onnxruntime adds them up as it goes.
 */
function byRows(
  graph: Graph,
  { x, weight, bias, batch, inputs, outputs, size: [depth, height, width], kernel: [kz, ky, kx] }: SameConvolution,
  zeros: Map<string, Value>
): Value {
  const margin = (ky - 1) / 2
  const pitch = height + margin
  const gap = [batch, inputs, depth, margin, width]
  let between = zeros.get(gap.join())
  if (between === undefined) {
    between = graph.expand(graph.scalar(0), gap)
    zeros.set(gap.join(), between)
  }
  const rows = graph.reshape(graph.concat([x, between], 3), [batch, inputs, depth * pitch, width])
  const reach = ((kz - 1) / 2) * pitch
  const side = (kx - 1) / 2
  let sum: Value | null = null
  for (let tap = 0; tap < ky; tap++) {
    const plane = graph.reshape(graph.slice(weight, [tap], [tap + 1], [3]), [outputs, inputs, kz, kx])
    const offset = tap - margin
    const part = graph.node('Conv', [rows, plane, ...(tap === 0 && bias ? [bias] : [])], {
      kernel_shape: [kz, kx],
      dilations: [pitch, 1],
      pads: [reach - offset, side, reach + offset, side]
    })
    sum = sum === null ? part : graph.add(part, sum)
  }
  const padded = graph.reshape(sum ?? x, [batch, outputs, depth, pitch, width])
  return graph.slice(padded, [0], [height], [3])
}

/**
 * With few output channels (one, where an energy is differentiated by its volume) the blocks of channels would be mostly
 * empty: the steps along z and y become output channels of one convolution along x, and are shifted and added up after.
 */
function byTaps(
  graph: Graph,
  { x, weight, bias, batch, inputs, outputs, size: [depth, height, width], kernel: [kz, ky, kx] }: SameConvolution
): Value {
  // (outputs, inputs, kz, ky, kx) -> (kz, ky, outputs, inputs, kx)
  const taps = graph.reshape(graph.transpose(weight, [2, 3, 0, 1, 4]), [kz * ky * outputs, inputs, 1, kx])
  const image = graph.reshape(x, [batch, inputs, depth * height, width])
  const side = (kx - 1) / 2
  const parts = graph.node('Conv', [image, taps], { kernel_shape: [1, kx], pads: [0, side, 0, side] })
  const [mz, my] = [(kz - 1) / 2, (ky - 1) / 2]
  const volumes = graph.pad(graph.reshape(parts, [batch, kz * ky * outputs, depth, height, width]), [
    0,
    0,
    mz,
    my,
    0,
    0,
    0,
    mz,
    my,
    0
  ])
  let sum: Value | null = null
  for (let a = 0; a < kz; a++)
    for (let b = 0; b < ky; b++) {
      const first = (a * ky + b) * outputs
      const part = graph.slice(volumes, [first, a, b], [first + outputs, a + depth, b + height], [1, 2, 3])
      sum = sum === null ? part : graph.add(sum, part)
    }
  const total = sum ?? x
  return bias ? graph.add(total, graph.reshape(bias, [1, outputs, 1, 1, 1])) : total
}
