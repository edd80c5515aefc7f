import { Graph } from 'onnx-autodiff'
import type { Target } from './lowering.ts'
import { floatTensor, openSession } from './session.ts'

const edge = 32
const channels = 16

/**
 * Milliseconds of the second run of a 3-D convolution on a device; the first loads libraries and kernels.
 * @throws {WedgeviewError} what openSession and a run throw; RangeError where it computes wrongly
 */
export async function timeConvolution(device: Target): Promise<number> {
  const shape = [1, channels, edge, edge, edge]
  const graph = new Graph({ opset: 17 })
  const x = graph.input('x', 'float32', shape)
  const kernel = graph.constant(new Float32Array(channels * channels * 27).fill(1), [channels, channels, 3, 3, 3])
  graph.output(graph.node('Conv', [x, kernel], { pads: [1, 1, 1, 1, 1, 1] }), 'y')
  const session = await openSession(graph.encode(), { device, threads: null })
  try {
    const ones = floatTensor(new Float32Array(channels * edge ** 3).fill(1), shape)
    await session.run({ x: ones }, ['y'])
    const start = performance.now()
    const { y } = await session.run({ x: ones }, ['y'])
    const took = performance.now() - start
    // Ones on ones: inside, every voxel of the answer is the number of taps.
    const value = Number(y.data[((edge / 2) * edge + edge / 2) * edge + edge / 2])
    const expected = 27 * channels
    if (Math.abs(value - expected) > 1e-2 * expected)
      throw new RangeError(`It computes wrongly: a convolution gave ${value} instead of ${expected}.`)
    return took
  } finally {
    await session.close()
  }
}
