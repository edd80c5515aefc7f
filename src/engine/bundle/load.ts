import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { WedgeviewError } from '../../shared/errors.ts'
import { bundleLimits, inMebibytes } from './limits.ts'
import { parseManifest, type Manifest } from './manifest.ts'
import { unpackBundle } from './zip.ts'

/** A network of a bundle: the ONNX file and its bytes. External weights, if any, lie beside `path`. */
export interface BundleNetwork {
  readonly path: string
  readonly bytes: Uint8Array
}

/** A bundle whose manifest is valid and whose files are the ones it names. Its graphs have not been looked at: see check.ts. */
export interface LoadedBundle {
  /** Absolute folder; of a .zip the one it was unpacked to. */
  readonly path: string
  readonly manifest: Manifest
  /** sha256 of bundle.json, which holds the hashes of all other files: the whole bundle's hash. */
  readonly sha256: string
  readonly encoder: BundleNetwork | null
  readonly decoder: BundleNetwork | null
  readonly prior: BundleNetwork | null
}

export const networkFiles = { encoder: 'encoder.onnx', decoder: 'decoder.onnx', prior: 'prior.onnx' } as const
export type NetworkRole = keyof typeof networkFiles

const restoreHint = 'Get the bundle again from its author; a bundle is used whole or not at all.'

function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Size of a plain file; throws `bundle-missing` where there is none and `bundle-too-large` beyond the limit. */
async function fileSize(path: string, limit: number): Promise<number> {
  const info = await stat(path).catch(() => null)
  if (!info?.isFile())
    throw new WedgeviewError('input', 'bundle-missing', `The bundle has no file ${path}.`, restoreHint)
  if (info.size > limit)
    throw new WedgeviewError(
      'input',
      'bundle-too-large',
      `${path} has ${inMebibytes(info.size)}; the limit is ${inMebibytes(limit)}.`,
      'Keep large weights in an external data file beside the network.'
    )
  return info.size
}

/** The folder that holds the bundle's files; a .zip is unpacked into the user's cache first. */
async function bundleFolder(path: string): Promise<string> {
  const folder = resolve(path)
  const info = await stat(folder).catch(() => null)
  if (!info)
    throw new WedgeviewError(
      'input',
      'bundle-missing',
      `There is no bundle at ${folder}.`,
      'Give the folder that holds bundle.json.'
    )
  if (info.isDirectory()) return folder
  if (folder.toLowerCase().endsWith('.zip')) return unpackBundle(folder)
  throw new WedgeviewError(
    'input',
    'bundle-missing',
    `${folder} is not a bundle: it is a file, not a folder.`,
    'Give the folder that holds bundle.json, or one .zip of it.'
  )
}

/**
 * Loads a bundle folder, or one .zip of it: validates bundle.json and verifies the sha256 of every file it lists. Throws WedgeviewError of kind `input`:
 * `bundle-missing`, `bundle-json`, `bundle-field`, `bundle-hash`, `bundle-too-large` or `bundle-zip`.
 */
export async function loadBundle(path: string): Promise<LoadedBundle> {
  const folder = await bundleFolder(path)
  const manifestPath = join(folder, 'bundle.json')
  await fileSize(manifestPath, bundleLimits.manifestBytes)
  const manifestBytes = await readFile(manifestPath)
  const manifest = parseManifest(manifestBytes.toString('utf8'), manifestPath)

  const listed = Object.keys(manifest.files)
  // A network that lies there unlisted would be left out without a word, and the model would be another one.
  for (const name of await readdir(folder)) {
    if (Object.values<string>(networkFiles).includes(name) && !listed.includes(name))
      throw new WedgeviewError(
        'input',
        'bundle-hash',
        `${join(folder, name)} is in the bundle but bundle.json does not list it under files.`,
        'List it with its sha256, or take it out.'
      )
  }

  const networks = new Map<string, BundleNetwork>()
  for (const name of listed) {
    const file = join(folder, name)
    const isNetwork = name.endsWith('.onnx')
    await fileSize(file, isNetwork ? bundleLimits.networkBytes : bundleLimits.fileBytes)
    const bytes = isNetwork ? await readFile(file) : null
    const hash = bytes ? sha256Of(bytes) : await sha256OfFile(file)
    if (hash !== manifest.files[name].toLowerCase())
      throw new WedgeviewError(
        'input',
        'bundle-hash',
        `${file} is not the file that bundle.json names: its sha256 is ${hash}, expected ${manifest.files[name].toLowerCase()}.`,
        restoreHint
      )
    if (bytes) networks.set(name, { path: file, bytes })
  }

  const network = (role: NetworkRole): BundleNetwork | null => networks.get(networkFiles[role]) ?? null
  const loaded: LoadedBundle = {
    path: folder,
    manifest,
    sha256: sha256Of(manifestBytes),
    encoder: network('encoder'),
    decoder: network('decoder'),
    prior: network('prior')
  }
  checkNetworksPresent(loaded, manifestPath)
  return loaded
}

/** Which networks the manifest's own statements require. */
function checkNetworksPresent({ manifest, encoder, decoder, prior }: LoadedBundle, where: string): void {
  const missing = (file: string, why: string): WedgeviewError =>
    new WedgeviewError('input', 'bundle-missing', `${where}: files: expected ${file}, because ${why}.`, restoreHint)
  const needsEncoder = (['cryogen-2', 'cryowgen-1'] as const).find((method) => manifest.methods[method])
  if (!encoder && needsEncoder) throw missing(networkFiles.encoder, `${needsEncoder} is one of its methods`)
  if (!decoder && manifest.latent !== 'volume') throw missing(networkFiles.decoder, 'the latent is not the volume')
  if (!prior && manifest.prior.kind !== 'none')
    throw missing(networkFiles.prior, `the prior's kind is ${manifest.prior.kind}`)
  if (prior && manifest.prior.kind === 'none')
    throw new WedgeviewError(
      'input',
      'bundle-field',
      `${where}: prior: expected a kind other than none, because files lists ${networkFiles.prior}.`,
      'State the prior’s kind and domain.'
    )
}
