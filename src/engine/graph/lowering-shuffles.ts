import type { Graph } from 'onnx-autodiff'
import { integers, rewrite } from './lowering-rewrite.ts'
import type { Shapes } from './lowering-rewrite.ts'

/**
 * The transposition of a 3-D pixel shuffle, (B, s, s, s, C, D, H, W) -> (B, C, D, s, H, s, W, s), in two: onnxruntime
 * moves single elements in the one step, and rows in the second of two.
 */
export function shuffleInTwoSteps(graph: Graph, shapes: Shapes): void {
  rewrite(graph, (node) => {
    if (node.opType !== 'Transpose' || node.domain !== '') return undefined
    const shape = shapes.get(node.inputs[0])
    if (shape?.length !== 8 || integers(node, 'perm')?.join() !== '0,4,5,1,6,2,7,3') return undefined
    const [batch, sz, sy, sx, channels, depth, height, width] = shape
    const blocks = graph.reshape(node.inputs[0], [batch * sz * sy, sx, channels * depth * height * width])
    const rows = graph.reshape(graph.transpose(blocks, [0, 2, 1]), [batch, sz, sy, channels, depth, height, width * sx])
    const moved = graph.transpose(rows, [0, 3, 4, 1, 5, 2, 6])
    return graph.reshape(moved, [batch, channels, depth, sz, height, sy, width, sx])
  })
}
