import { Graph } from 'onnx-autodiff'

/** An encoder that is as sure of each voxel as its value says: zbar = y / 2, precision exp(slope y). */
export function unevenEncoderGraph(slope: number): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'encoder' })
  const y = graph.input('y', 'float32', ['batch', 1, 'd', 'h', 'w'])
  graph.output(graph.mul(y, graph.scalar(0.5)), 'zbar')
  graph.output(graph.exp(graph.mul(y, graph.scalar(slope))), 'precision')
  return graph.encode()
}
