import { OnnxAutodiffError } from './errors.ts'
import type { Graph } from './graph.ts'
import type { Attribute } from './model/attribute.ts'
import type { Value } from './model/node.ts'
import { renameCaptured } from './model/subgraph.ts'
import { upgradeOpset } from './opset.ts'

/**
 * Copies `source`'s nodes into `target`. `bindings` says which value of the target each input of the source is; weights
 * are shared, and names get `prefix` (and a number where that is taken). The lower of the two opsets is raised to the
 * other. Returns the target's value of each source output.
 */
export const inline = (
  target: Graph,
  source: Graph,
  bindings: Readonly<Record<string, Value>>,
  prefix: string
): Record<string, Value> => {
  upgradeOpset(target, source.opset)
  let origin = source
  if (source.opset < target.opset) {
    origin = source.clone()
    upgradeOpset(origin, target.opset)
  }
  const names = new Map<Value, Value>()
  for (const { name } of origin.inputs) {
    const bound = bindings[name]
    if (bound === undefined || !target.has(bound)) {
      throw new OnnxAutodiffError(
        'unbound-input',
        bound === undefined
          ? `Input "${name}" of the joined graph is bound to nothing.`
          : `Input "${name}" of the joined graph is bound to "${bound}", which is no value of the target.`
      )
    }
    names.set(name, bound)
  }
  const inputNames = new Set(origin.inputs.map(({ name }) => name))
  for (const name of Object.keys(bindings)) {
    if (!inputNames.has(name)) {
      throw new OnnxAutodiffError(
        'unknown-input',
        `The joined graph has no input "${name}"; its inputs are ${[...inputNames].join(', ')}.`
      )
    }
  }
  for (const [domain, version] of origin.domains) {
    target.domains.set(domain, Math.max(version, target.domains.get(domain) ?? 0))
  }
  for (const [name, initializer] of origin.initializers)
    names.set(name, target.addInitializer(initializer, prefix + name))
  const rename = (value: Value): Value => (value === '' ? '' : (names.get(value) ?? value))
  const renameAttribute = (attribute: Attribute): Attribute =>
    attribute.kind === 'graph' ? { kind: 'graph', value: renameCaptured(attribute.value, rename) } : attribute
  for (const node of origin.nodes) {
    const inputs = node.inputs.map(rename)
    const attributes = new Map([...node.attributes].map(([key, value]) => [key, renameAttribute(value)] as const))
    const outputs = node.outputs.map((output) => (output === '' ? '' : freeName(target, prefix + output)))
    node.outputs.forEach((output, index) => names.set(output, outputs[index] ?? ''))
    target.append({ ...node, name: node.name === '' ? '' : prefix + node.name, inputs, outputs, attributes })
  }
  return Object.fromEntries(origin.outputs.map(({ name }) => [name, rename(name)]))
}

const freeName = (graph: Graph, hint: string): Value => {
  let candidate = hint
  for (let suffix = 1; graph.has(candidate); suffix += 1) candidate = `${hint}_${suffix}`
  return candidate
}
