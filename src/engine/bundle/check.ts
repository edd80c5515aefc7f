import { OnnxAutodiffError, supportedOpsets } from 'onnx-autodiff'
import type { BundleSummary } from '../../shared/bundles.ts'
import { WedgeviewError, type Failure } from '../../shared/errors.ts'
import { readNetworks, type Networks } from '../graph/networks.ts'
import { dryRun } from './dry-run.ts'
import { loadBundle, type LoadedBundle } from './load.ts'
import { manifestWedge } from './manifest.ts'
import { methodSupport, operatorsWithoutDerivative } from './methods.ts'

function read(bundle: LoadedBundle): Networks {
  try {
    return readNetworks(bundle)
  } catch (cause) {
    if (!(cause instanceof OnnxAutodiffError)) throw cause
    throw new WedgeviewError(
      'input',
      'bundle-graph',
      `A network of ${bundle.path} can't be read: ${cause.message}`,
      'Export it again as ONNX (torch.onnx.export); a bundle holds nothing else that runs.',
      { cause }
    )
  }
}

function checkOpsets({ encoder, decoder, prior }: Networks): void {
  const files = { 'encoder.onnx': encoder, 'decoder.onnx': decoder, 'prior.onnx': prior }
  for (const [file, network] of Object.entries(files)) {
    const opset = network?.graph.opset ?? supportedOpsets.minimum
    if (opset < supportedOpsets.minimum || opset > supportedOpsets.maximum)
      throw new WedgeviewError(
        'input',
        'bundle-opset',
        `${file} is of operator set ${opset}; expected ${supportedOpsets.minimum} to ${supportedOpsets.maximum}.`,
        'Export it with an opset_version in that range; 17 is a good choice.'
      )
  }
}

/** Weights in other files are part of the bundle only when their hash is known. */
function checkExternalData(bundle: LoadedBundle, { encoder, decoder, prior }: Networks): void {
  for (const network of [encoder, decoder, prior]) {
    for (const { external } of network?.graph.initializers.values() ?? []) {
      if (external && !Object.hasOwn(bundle.manifest.files, external.location.replace(/^\.\//, '')))
        throw new WedgeviewError(
          'input',
          'bundle-hash',
          `A network keeps weights in ${external.location}, which bundle.json does not list under files.`,
          'List that file with its sha256.'
        )
    }
  }
}

/** What does not stop a bundle from working, and still wants saying. */
function remarks(manifest: LoadedBundle['manifest']): Failure[] {
  const found: Failure[] = []
  const remark = (code: string, message: string, hint: string): number =>
    found.push({ kind: 'input', code, message, hint })
  if (!manifest.wedge)
    remark(
      'bundle-no-wedge',
      'bundle.json does not say which wedge the networks were trained with.',
      'State tiltAxis, beamAxis and tiltRange under wedge.'
    )
  if (!manifest.noise)
    remark(
      'bundle-no-noise',
      'bundle.json does not state the noise; sigma is estimated from each tomogram.',
      'State sigma in normalised units under noise.'
    )
  if (manifest.voxelSizeAngstrom === null)
    remark(
      'bundle-no-voxel-size',
      'bundle.json does not state a voxel size, so a mismatch can’t be noticed.',
      'State voxelSizeAngstrom.'
    )
  return found
}

/**
 * Checks a bundle completely: manifest, hashes, graphs, operator sets, one dry run of each network on zeros against the stated shapes,
 * and which of the four methods will work. Whatever makes the bundle unusable is thrown as a WedgeviewError of kind `input`: the codes of
 * `loadBundle`, and `bundle-graph`, `bundle-opset`, `bundle-shape`, `bundle-nan`, `bundle-run`. What only limits it is in the
 * summary. Blocks this thread for a network pass each.
 */
export async function checkBundle(path: string): Promise<BundleSummary> {
  const bundle = await loadBundle(path)
  const networks = read(bundle)
  checkOpsets(networks)
  checkExternalData(bundle, networks)
  await dryRun(networks, bundle.manifest)
  return summarise(bundle, networks)
}

/** The summary without the dry run: cheap, for lists of bundles that were checked when they were added. */
export async function summariseBundle(path: string): Promise<BundleSummary> {
  const bundle = await loadBundle(path)
  const networks = read(bundle)
  checkOpsets(networks)
  return summarise(bundle, networks)
}

function summarise({ path, manifest, sha256 }: LoadedBundle, networks: Networks): BundleSummary {
  const missing = operatorsWithoutDerivative(networks)
  const { name, version, license, description, voxelSizeAngstrom, contrast, noise } = manifest
  return {
    path,
    name,
    version,
    license,
    description,
    voxelSizeAngstrom,
    contrast,
    sigma: noise?.sigma ?? null,
    latent: manifest.latent === 'volume' ? 'volume' : 'codes',
    precisionMap: (networks.encoder?.precisionOutput ?? null) !== null,
    wedge: manifestWedge(manifest),
    sha256,
    methods: methodSupport(manifest, networks, missing),
    operatorsWithoutDerivative: missing,
    problems: remarks(manifest)
  }
}
