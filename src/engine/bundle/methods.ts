import { unsupportedOperators } from 'onnx-autodiff'
import type { BundleSummary } from '../../shared/bundles.ts'
import { methodIds, type MethodId } from '../../shared/methods.ts'
import type { Network, Networks } from '../graph/networks.ts'
import { reasonAgainstPrior } from '../sampling/prior-view.ts'
import type { Manifest } from './manifest.ts'

type Unsupported = BundleSummary['operatorsWithoutDerivative']

/** Operators on the way from latent to volume, and from there to the energy, that have no derivative rule. */
export function operatorsWithoutDerivative({ decoder, prior }: Networks): Unsupported {
  const of = (file: string, network: Network): Unsupported =>
    unsupportedOperators(network.graph, [network.input], network.output).map(({ opType, node }) => ({
      file,
      opType,
      node
    }))
  return [
    ...(decoder ? of('decoder.onnx', decoder) : []),
    // A score or a denoiser is the gradient itself.
    ...(prior?.spec.kind === 'energy' ? of('prior.onnx', prior) : [])
  ]
}

/** Why a method won't work with a bundle; null where it will. */
function reasonAgainst(method: MethodId, manifest: Manifest, networks: Networks, missing: Unsupported): string | null {
  if (!manifest.methods[method]) return 'bundle.json does not list it under methods.'
  if (method === 'cryogen-2') return null
  const unsuitable = reasonAgainstPrior(method, networks.prior?.spec ?? null)
  if (unsuitable !== null) return unsuitable
  if (method === 'cryowgen-1') return null
  if (missing.length > 0) {
    const named = missing.map(({ file, opType, node }) => `${opType} (node ${node} of ${file})`)
    return `It needs the networks' derivative, and there is none for ${named.join(', ')}.`
  }
  return null
}

export function methodSupport(manifest: Manifest, networks: Networks, missing: Unsupported): BundleSummary['methods'] {
  return methodIds.map((method) => {
    const reason = reasonAgainst(method, manifest, networks, missing)
    return { method, works: reason === null, reason, defaults: manifest.methods[method] ?? {} }
  })
}
