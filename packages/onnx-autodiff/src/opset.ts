import { OnnxAutodiffError } from './errors.ts'
import type { Graph } from './graph.ts'
import { Initializer } from './model/initializer.ts'
import { floatAttribute, intAttribute, intsAttribute } from './model/node.ts'
import type { GraphNode } from './model/node.ts'
import { rebuild } from './rebuild.ts'

/** Operator set versions this package reads, joins and differentiates. */
export const supportedOpsets = { minimum: 13, maximum: 23 }

const axesBecomeInputAt18 = new Set(
  'ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare'.split(' ')
)

type Upgrade = (graph: Graph, node: GraphNode) => void

const axesToInput: Upgrade = (graph, node) => {
  const axes = intsAttribute(node, 'axes')
  if (axes === undefined) return
  node.attributes.delete('axes')
  node.inputs[1] = graph.integers(axes)
}

// Since opset 18 a Split without sizes has to say into how many parts.
const countSplit: Upgrade = (_graph, node) => {
  if ((node.inputs[1] ?? '') === '') node.attributes.set('num_outputs', { kind: 'int', value: node.outputs.length })
}

const renameGridSampleMode: Upgrade = (_graph, node) => {
  const mode = node.attributes.get('mode')
  const renamed = mode?.kind === 'string' ? { bilinear: 'linear', bicubic: 'cubic' }[mode.value] : 'linear'
  if (renamed !== undefined) node.attributes.set('mode', { kind: 'string', value: renamed })
}

const dftAxisToInput: Upgrade = (graph, node) => {
  const axis = intAttribute(node, 'axis', 1)
  node.attributes.delete('axis')
  node.inputs[1] ??= ''
  node.inputs[2] = graph.addInitializer(Initializer.fromData(BigInt64Array.of(BigInt(axis)), []))
}

/** Changes of meaning between the opsets; all others only widen types or add options. */
const upgrades: { version: number; applies: (node: GraphNode) => boolean; upgrade: Upgrade }[] = [
  { version: 18, applies: ({ opType }) => axesBecomeInputAt18.has(opType), upgrade: axesToInput },
  { version: 18, applies: ({ opType }) => opType === 'Split', upgrade: countSplit },
  { version: 20, applies: ({ opType }) => opType === 'GridSample', upgrade: renameGridSampleMode },
  { version: 20, applies: ({ opType }) => opType === 'DFT', upgrade: dftAxisToInput }
]

/** Until opset 20 a GroupNormalization has one scale a group: an instance normalization of the groups. */
const decomposeGroupNormalizations = (graph: Graph): void => {
  rebuild(graph, (node) => {
    if (node.opType !== 'GroupNormalization' || node.domain !== '') return undefined
    const [x = '', scale = '', bias = ''] = node.inputs
    const groups = graph.reshape(x, [0, intAttribute(node, 'num_groups', 1), -1])
    const epsilon = floatAttribute(node, 'epsilon', 1e-5)
    const normalized = graph.node('InstanceNormalization', [groups, scale, bias], { epsilon })
    return graph.reshape(normalized, graph.node('Shape', [x]))
  })
}

/**
 * Raises a graph's operator set version in place, rewriting the nodes whose meaning changed. Does nothing where it is
 * high enough. Throws 'opset' outside 13 to 23.
 */
export const upgradeOpset = (graph: Graph, opset: number): void => {
  for (const version of [graph.opset, opset]) {
    if (version < supportedOpsets.minimum || version > supportedOpsets.maximum) {
      throw new OnnxAutodiffError(
        'opset',
        `Operator set ${version} is not supported, only ${supportedOpsets.minimum} to ${supportedOpsets.maximum}.`,
        'Export the network again with `opset_version` in that range.'
      )
    }
  }
  const from = graph.opset
  if (opset <= from) return
  graph.opset = opset
  if (from < 21 && opset >= 21) decomposeGroupNormalizations(graph)
  for (const node of [...graph.nodes]) {
    if (node.domain !== '') continue
    for (const { version, applies, upgrade } of upgrades) {
      if (from < version && version <= opset && applies(node)) upgrade(graph, node)
    }
  }
}
