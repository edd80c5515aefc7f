import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Target } from './lowering.ts'
import type { NetworkSpec } from './network-session.ts'
import type { Network } from './networks.ts'
import type { StepGraphSpec } from './step-graph.ts'

/**
 * Identifies the compiler: the hash of the built program file that it is in, whose imports carry their own hashes in
 * their names. Null when running from sources, which change without notice: then nothing is cached.
 */
export const compilerVersion: string | null = builtFileHash(import.meta.url)

function builtFileHash(url: string): string | null {
  if (!url.startsWith('file:') || url.endsWith('.ts')) return null
  try {
    return createHash('sha256')
      .update(readFileSync(fileURLToPath(url)))
      .update(readFileSync(createRequire(url).resolve('onnxruntime-node/package.json')))
      .digest('hex')
  } catch {
    return null
  }
}

/** sha256 over everything that shapes a step graph: networks, wedge, sizes, form, target and compiler. */
export async function compileKey(
  spec: StepGraphSpec,
  target: Target,
  compiler: string,
  architecture: string = process.arch
): Promise<string> {
  const { networks, size, latent, batch, plane, withPrior, withGradient, withFilter, withPrecision } = spec
  const hash = createHash('sha256')
  const form = { size, latent, batch, withPrior, withGradient, withFilter, withPrecision }
  const wedge = { axes: plane.axes, size: plane.size }
  field(hash, JSON.stringify({ compiler, target, architecture, form, wedge }))
  field(hash, new Uint8Array(plane.values.buffer, plane.values.byteOffset, plane.values.byteLength))
  await addNetwork(hash, networks.decoder, networks.folder)
  if (withPrior) {
    field(hash, JSON.stringify(networks.prior?.spec ?? null))
    await addNetwork(hash, networks.prior, networks.folder)
  }
  return hash.digest('hex')
}

/** sha256 over everything that shapes a network compiled by itself. */
export async function networkKey(
  { network, shape, folder }: NetworkSpec,
  target: Target,
  compiler: string,
  architecture: string = process.arch
): Promise<string> {
  const hash = createHash('sha256')
  const { precisionOutput } = network
  field(hash, JSON.stringify({ network: 'alone', compiler, target, architecture, shape, precisionOutput }))
  await addNetwork(hash, network, folder)
  return hash.digest('hex')
}

async function addNetwork(hash: Hash, network: Network | null, folder: string): Promise<void> {
  if (!network) return field(hash, 'none')
  const { graph, input, output, sigmaInput } = network
  field(hash, JSON.stringify({ input, output, sigmaInput }))
  field(hash, graph.encode())
  // Weights in other files are only referred to, though constants may have been computed from them.
  for (const { external } of graph.initializers.values()) {
    if (!external) continue
    const info = await stat(join(folder, external.location)).catch(() => null)
    field(hash, JSON.stringify({ ...external, bytes: info?.size, changedAt: info?.mtimeMs }))
  }
}

/** With its length first, so that no two lists of fields run together to the same bytes. */
function field(hash: Hash, bytes: string | Uint8Array): void {
  hash.update(`${bytes.length}:`).update(bytes)
}
