import { describe, expect, it } from 'vitest'
import { WedgeviewError } from '../../shared/errors.ts'
import { exampleManifest } from './fixtures/folder.ts'
import { manifestWedge, parseManifest } from './manifest.ts'

/** Sets a field by its dotted path; undefined removes it. */
function changed(path: string, value: unknown): string {
  const manifest = exampleManifest()
  const keys = path.split('.')
  let at: Record<string, unknown> = manifest
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>
  if (value === undefined) delete at[keys[keys.length - 1]]
  else at[keys[keys.length - 1]] = value
  return JSON.stringify(manifest)
}

function refusal(text: string): WedgeviewError {
  try {
    parseManifest(text, 'bundle.json')
  } catch (error) {
    if (error instanceof WedgeviewError) return error
    throw error
  }
  throw new Error('the manifest was accepted')
}

describe('parseManifest', () => {
  it('reads the example of the format', () => {
    const manifest = parseManifest(JSON.stringify(exampleManifest()), 'bundle.json')
    expect(manifest.name).toBe('white-gaussian')
    expect(manifest.methods['cryowgen-2']).toEqual({
      lambda: 1,
      beta: 1,
      gamma: 1,
      steps: 400,
      burnIn: 100,
      thin: 2,
      chains: 4
    })
    expect(manifestWedge(manifest)).toEqual({
      tiltAxis: 'y',
      beamAxis: 'z',
      tiltMin: -60,
      tiltMax: 60,
      edgeSoftness: 0,
      lowPass: null
    })
  })

  it('takes a strided latent, absent priors, and keys it does not know', () => {
    const manifest = parseManifest(changed('latent', { channels: 8, stride: 4 }), 'bundle.json')
    expect(manifest.latent).toEqual({ channels: 8, stride: 4 })
    expect(parseManifest(changed('prior', undefined), 'bundle.json').prior).toEqual({ kind: 'none' })
    expect(parseManifest(changed('authorsNote', 'hello'), 'bundle.json').name).toBe('white-gaussian')
    expect(manifestWedge(parseManifest(changed('wedge', undefined), 'bundle.json'))).toBeNull()
  })

  it.each([
    ['formatVersion', 2, /formatVersion: expected 1, found 2/],
    ['formatVersion', '1', /formatVersion: expected 1/],
    ['name', undefined, /name: expected string, found nothing/],
    ['name', '', /name: .*>=1 character/],
    ['voxelSizeAngstrom', '10', /voxelSizeAngstrom: expected number, found string/],
    ['voxelSizeAngstrom', -1, /voxelSizeAngstrom: .*>0/],
    ['contrast', 'bright', /contrast: expected one of "dark-on-light"\|"light-on-dark"/],
    ['training.method', 'gan', /training\.method: expected one of/],
    ['normalization', { kind: 'zscore' }, /normalization\.scope: expected one of "tomogram"\|"patch"/],
    ['normalization', { kind: 'minmax' }, /normalization\.kind: .*/],
    ['patch.size', [32, 32], /patch\.size: .*3/],
    ['patch.size', [32, 0, 32], /patch\.size\.1: .*>=1/],
    ['patch.multipleOf', 2.5, /patch\.multipleOf: expected int/],
    ['latent', 'image', /latent: expected "volume" or \{ channels, stride \}/],
    ['prior.kind', 'gan', /prior\.kind: /],
    ['prior.domain', 'fourier', /prior\.domain: expected one of "latent"\|"volume"\|"observation"/],
    ['wedge.tiltRange', [60, -60], /wedge: expected a tilt range/],
    ['wedge.tiltRange', [-100, 60], /wedge\.tiltRange\.0: .*>=-90/],
    ['wedge.beamAxis', 'y', /wedge: expected a tilt axis and a beam axis that differ/],
    ['noise.sigma', 0, /noise\.sigma: .*>0/],
    ['methods', {}, /methods: expected at least one/],
    ['methods.cryowgen-2', { chains: 0 }, /methods\.cryowgen-2\.chains: .*>=1/],
    ['methods.cryowgen-2', { preconditioner: 'adam' }, /methods\.cryowgen-2\.preconditioner: expected one of "none"/],
    ['files', { 'encoder.onnx': 'abc' }, /files\.encoder\.onnx: expected a sha256/],
    [
      'files',
      { '../encoder.onnx': 'a'.repeat(64) },
      /files\.\.\.\/encoder\.onnx: expected a file name inside the bundle/
    ],
    ['files', { '/etc/passwd': 'a'.repeat(64) }, /expected a file name inside the bundle/]
  ])('names the field and what was expected: %s = %j', (path, value, message) => {
    const error = refusal(changed(path, value))
    expect(error).toMatchObject({ kind: 'input', code: 'bundle-field' })
    expect(error.message).toMatch(message)
    expect(error.hint).not.toBe('')
  })

  it('refuses what is not JSON or not an object', () => {
    expect(refusal('{')).toMatchObject({ kind: 'input', code: 'bundle-json' })
    expect(refusal('')).toMatchObject({ code: 'bundle-json' })
    expect(refusal('[]').message).toMatch(/the document: expected object, found array/)
    expect(refusal('null')).toMatchObject({ code: 'bundle-field' })
  })

  it('keeps the message short when everything is wrong', () => {
    expect(refusal('{}').message).toMatch(/and \d+ more/)
  })
})
