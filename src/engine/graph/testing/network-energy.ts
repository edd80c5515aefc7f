import { readFile } from 'node:fs/promises'
import { Graph } from 'onnx-autodiff'
import type { ZYX } from '../../../shared/axes.ts'
import { symmetricWedge } from '../../sampling/oracle/gaussian-problem.ts'
import { wedgePlane } from '../../wedge/mask.ts'
import { latentShape } from '../networks.ts'
import type { StepGraphSpec } from '../step-graph.ts'

/** An exported network f(x) made a prior: the energy 1/2 |x - f(x)|^2, and the step that goes with it. */
export async function energyStep(path: string, size: ZYX, batch: number): Promise<StepGraphSpec> {
  const graph = Graph.decode(await readFile(path))
  const [input, output] = [graph.inputs[0].name, graph.outputs[0].name]
  const difference = graph.sub(input, output)
  graph.clearOutputs()
  const squares = graph.reduceSum(graph.mul(difference, difference), [1, 2, 3, 4], false)
  graph.output(graph.mul(squares, graph.scalar(0.5)), 'energy')
  return {
    networks: {
      encoder: null,
      decoder: null,
      prior: {
        graph,
        input,
        output: 'energy',
        sigmaInput: null,
        precisionOutput: null,
        spec: { kind: 'energy', domain: 'volume', rotations: 'none' }
      },
      folder: '.'
    },
    size,
    latent: latentShape('volume', size),
    batch,
    plane: wedgePlane(symmetricWedge, size),
    withPrior: true,
    withGradient: true,
    withFilter: true,
    withPrecision: false
  }
}
