import { readFileSync } from 'node:fs'
import { Graph, foldConstants, gradient, inferShapes } from 'onnx-autodiff'
import { expect, it } from 'vitest'
import { fromRoot } from '../../../../project-paths.ts'
import { evaluateOnCpu, floatTensor, openSession } from '../../graph/session.ts'
import { normalField } from '../oracle/gaussian-problem.ts'

/** Networks as PyTorch exports them, on boxes large enough that work is dealt out to threads. */
it.each([
  ['energy-net', 32],
  ['unet-deepdewedge-like', 32],
  ['unet-isonet-like', 32],
  ['resnet-decoder', 8]
] as const)(
  'answers and derivatives of %s are the same to the bit on one thread and on two (oracle 8.6)',
  async (name, edge) => {
    const path = fromRoot(`./packages/onnx-autodiff/test/fixtures/${name}.onnx`)
    const graph = Graph.decode(readFileSync(path))
    const { name: input, shape } = graph.inputs[0]
    const dims = (shape ?? []).map((n, axis) => (typeof n === 'number' ? n : axis === 0 ? 1 : edge))
    const data = normalField(
      dims.reduce((a, b) => a * b),
      1
    )
    const evaluate = evaluateOnCpu(1)
    const feeds = { [input]: { type: 'float32' as const, dims, data } }
    await foldConstants(graph, { evaluate, shapes: await inferShapes(graph, feeds, evaluate) })
    const output = graph.outputs[0].name
    const shapes = await inferShapes(graph, feeds, evaluate)
    const axes = (shapes.get(output) ?? []).map((_, axis) => axis)
    const loss = graph.reduceSum(graph.mul(output, output), axes, false)
    const all = await inferShapes(graph, feeds, evaluate)
    graph.output(gradient(graph, { of: loss, withRespectTo: [input], shapes: all })[input], 'derivative')
    const answers: Float32Array[][] = []
    for (const threads of [1, 2]) {
      const session = await openSession(graph.encode(), { device: 'cpu', threads })
      const results = await session.run({ [input]: floatTensor(data, dims) }, [output, 'derivative'])
      answers.push([output, 'derivative'].map((key) => results[key].data as Float32Array))
      await session.close()
    }
    expect(answers[1]).toEqual(answers[0])
  }
)
