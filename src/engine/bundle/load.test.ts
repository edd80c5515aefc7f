import { mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { sha256, writeBundle } from './fixtures/folder.ts'
import { loadBundle } from './load.ts'

const files = { 'encoder.onnx': 'encoder bytes', 'prior.onnx': 'prior bytes', 'MODEL_CARD.md': '# card' }
const removals: (() => Promise<void>)[] = []
async function bundle(...args: Parameters<typeof writeBundle>): Promise<string> {
  const { path, remove } = await writeBundle(...args)
  removals.push(remove)
  return path
}
afterEach(async () => {
  for (const remove of removals.splice(0)) await remove()
})

describe('loadBundle', () => {
  it('loads a folder whose files are the ones it names', async () => {
    const path = await bundle(files)
    const loaded = await loadBundle(path)
    expect(loaded.path).toBe(path)
    expect(loaded.decoder).toBeNull()
    expect(Buffer.from(loaded.encoder!.bytes).toString()).toBe('encoder bytes')
    expect(loaded.prior?.path).toBe(join(path, 'prior.onnx'))
    expect(loaded.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('takes hashes in capitals and weights in a folder of their own', async () => {
    const path = await bundle({ ...files, 'weights/encoder.bin': 'weights' }, (manifest) => {
      const named = manifest.files as Record<string, string>
      named['encoder.onnx'] = named['encoder.onnx'].toUpperCase()
    })
    await expect(loadBundle(path)).resolves.toMatchObject({ path })
  })

  it('refuses what is not there', async () => {
    await expect(loadBundle('/nowhere/at/all')).rejects.toMatchObject({ kind: 'input', code: 'bundle-missing' })
    const path = await bundle(files)
    await expect(loadBundle(join(path, 'MODEL_CARD.md'))).rejects.toMatchObject({ code: 'bundle-missing' })
    await rm(join(path, 'prior.onnx'))
    await expect(loadBundle(path)).rejects.toMatchObject({
      code: 'bundle-missing',
      message: expect.stringContaining('prior.onnx')
    })
    await mkdir(join(path, 'prior.onnx'))
    await expect(loadBundle(path)).rejects.toMatchObject({ code: 'bundle-missing' })
    await rm(join(path, 'bundle.json'))
    await expect(loadBundle(path)).rejects.toMatchObject({
      code: 'bundle-missing',
      message: expect.stringContaining('bundle.json')
    })
  })

  it('refuses a file that is not the one named', async () => {
    const path = await bundle(files)
    await writeFile(join(path, 'encoder.onnx'), 'encoder bytez')
    await expect(loadBundle(path)).rejects.toMatchObject({
      code: 'bundle-hash',
      message: expect.stringContaining(sha256('encoder bytes'))
    })
    await truncate(join(path, 'encoder.onnx'), 0)
    await expect(loadBundle(path)).rejects.toMatchObject({ code: 'bundle-hash' })
  })

  it('refuses a network that lies there unlisted', async () => {
    const path = await bundle(files)
    await writeFile(join(path, 'decoder.onnx'), 'surprise')
    await expect(loadBundle(path)).rejects.toMatchObject({
      code: 'bundle-hash',
      message: expect.stringContaining('does not list')
    })
  })

  it('refuses a network beyond the limit without reading it', async () => {
    const path = await bundle(files)
    await truncate(join(path, 'encoder.onnx'), 3 * 1024 ** 3)
    await expect(loadBundle(path)).rejects.toMatchObject({
      code: 'bundle-too-large',
      message: expect.stringContaining('3072 MiB')
    })
  })

  it('requires the networks that its own statements imply', async () => {
    const { 'encoder.onnx': encoder, 'prior.onnx': prior } = files
    await expect(loadBundle(await bundle({ 'prior.onnx': prior }))).rejects.toMatchObject({
      code: 'bundle-missing',
      message: expect.stringContaining('expected encoder.onnx, because cryogen-2')
    })
    await expect(loadBundle(await bundle({ 'encoder.onnx': encoder }))).rejects.toMatchObject({
      message: expect.stringContaining('expected prior.onnx')
    })
    await expect(
      loadBundle(await bundle(files, (manifest) => (manifest.latent = { channels: 4, stride: 2 })))
    ).rejects.toMatchObject({ message: expect.stringContaining('expected decoder.onnx') })
    await expect(
      loadBundle(await bundle(files, (manifest) => (manifest.prior = { kind: 'none' })))
    ).rejects.toMatchObject({ code: 'bundle-field', message: expect.stringContaining('prior.onnx') })
  })

  it('does without an encoder where no method needs one', async () => {
    const path = await bundle({ 'prior.onnx': files['prior.onnx'] }, (manifest) => {
      manifest.methods = { 'cryowgen-2': { beta: 0 } }
    })
    expect((await loadBundle(path)).encoder).toBeNull()
  })
})
