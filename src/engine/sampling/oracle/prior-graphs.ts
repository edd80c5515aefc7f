import { Graph } from 'onnx-autodiff'

const shape = ['batch', 1, 'd', 'h', 'w'] as const

/** The exact denoiser of white N(0, 1) volumes: D(x, s) = x / (1 + s^2). */
export function denoiserGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'denoiser' })
  const x = graph.input('x', 'float32', shape)
  const sigma = graph.reshape(graph.input('sigma', 'float32', ['batch']), [-1, 1, 1, 1, 1])
  graph.output(graph.div(x, graph.add(graph.mul(sigma, sigma), graph.scalar(1))), 'denoised')
  return graph.encode()
}

/** grad w = -x: the score of the same volumes. */
export function scoreGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'score' })
  graph.output(graph.neg(graph.input('x', 'float32', shape)), 'score')
  return graph.encode()
}

/** E = sum of a x^2 / 2 + b x^4. */
export function energyGraph(quadratic: number, quartic: number): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'energy' })
  const x = graph.input('x', 'float32', shape)
  const square = graph.mul(x, x)
  const density = graph.add(
    graph.mul(square, graph.scalar(quadratic / 2)),
    graph.mul(graph.mul(square, square), graph.scalar(quartic))
  )
  graph.output(graph.reduceSum(density, [1, 2, 3, 4], false), 'energy')
  return graph.encode()
}
