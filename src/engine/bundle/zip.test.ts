import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { strToU8, zipSync, type Zippable } from 'fflate'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { checkBundle } from './check.ts'
import { unpackBundle, unpackedBundlesFolder } from './zip.ts'

const tiny = fileURLToPath(new URL('./fixtures/tiny', import.meta.url))

let folder: string
let cache: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wedgeview-zip-'))
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'))
  cache = unpackedBundlesFolder()
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function tinyFiles(prefix = ''): Promise<Zippable> {
  const files: Zippable = {}
  for (const name of await readdir(tiny)) files[prefix + name] = await readFile(join(tiny, name))
  return files
}

let made = 0
async function zip(files: Zippable): Promise<string> {
  const path = join(folder, `bundle-${made++}.zip`)
  await writeFile(path, zipSync(files))
  return path
}

const unpackedNow = async (): Promise<string[]> => readdir(cache).catch(() => [])

describe('a zipped bundle', () => {
  it.each(['', 'my model/'])('loads like its folder, zipped with the prefix "%s"', async (prefix) => {
    const path = await zip(await tinyFiles(prefix))
    const summary = await checkBundle(path)
    expect(summary.name).toBe('tiny')
    expect(summary.path.startsWith(cache)).toBe(true)
    expect((await readdir(summary.path)).sort()).toEqual((await readdir(tiny)).sort())
    const before = (await stat(join(summary.path, 'bundle.json'))).mtimeMs
    expect((await checkBundle(path)).path).toBe(summary.path)
    expect((await stat(join(summary.path, 'bundle.json'))).mtimeMs).toBe(before)
  })

  it.each(['../evil.txt', '/etc/evil', 'a/../../evil', 'C:evil', '..\\evil', './evil', 'nul\0byte'])(
    'is refused for the entry %j, and nothing is written',
    async (name) => {
      const before = await unpackedNow()
      const path = await zip({ ...(await tinyFiles()), [name]: strToU8('evil') })
      await expect(checkBundle(path)).rejects.toMatchObject({
        kind: 'input',
        code: 'bundle-zip',
        message: expect.stringContaining('leaves the folder')
      })
      expect(await unpackedNow()).toEqual(before)
    }
  )

  it('is refused without bundle.json, with too many entries, with names that differ in case, and when it is no zip', async () => {
    await expect(checkBundle(await zip({ 'readme.txt': strToU8('x') }))).rejects.toMatchObject({
      code: 'bundle-missing'
    })
    const many: Zippable = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, strToU8('x')]))
    await expect(checkBundle(await zip({ ...(await tinyFiles()), ...many }))).rejects.toMatchObject({
      code: 'bundle-zip',
      message: expect.stringContaining('256 entries')
    })
    await expect(
      checkBundle(await zip({ ...(await tinyFiles()), 'BUNDLE.json': strToU8('{}') }))
    ).rejects.toMatchObject({
      message: expect.stringContaining('twice')
    })
    const text = join(folder, 'text.zip')
    await writeFile(text, 'this is no zip')
    await expect(checkBundle(text)).rejects.toMatchObject({ code: 'bundle-zip' })
    await writeFile(text, '')
    await expect(checkBundle(text)).rejects.toMatchObject({ code: 'bundle-zip' })
    const cut = await zip(await tinyFiles())
    await truncate(cut, (await stat(cut)).size - 40)
    await expect(checkBundle(cut)).rejects.toMatchObject({ code: 'bundle-zip' })
  })

  it('is refused by what it says it unpacks to, before it is unpacked', async () => {
    const path = await zip({ ...(await tinyFiles()), 'big.bin': new Uint8Array(1000) })
    const bytes = await readFile(path)
    // The original size in the central directory's entry for big.bin.
    const entry = bytes.lastIndexOf('big.bin') - 46
    bytes.writeUInt32LE(0xf0000000, entry + 24)
    await writeFile(path, bytes)
    await expect(checkBundle(path)).rejects.toMatchObject({ code: 'bundle-too-large' })
  })

  it('that lies about a size is refused by the hash of what comes out', async () => {
    const files = await tinyFiles()
    const path = await zip(files)
    const bytes = await readFile(path)
    const entry = bytes.lastIndexOf('encoder.onnx') - 46
    bytes.writeUInt32LE(10, entry + 24)
    await writeFile(path, bytes)
    await expect(checkBundle(path)).rejects.toMatchObject({
      kind: 'input',
      code: expect.stringMatching(/^bundle-(hash|zip)$/)
    })
  })

  it('is refused beyond the limit without being read, and says so when the cache can’t be written', async () => {
    const huge = join(folder, 'huge.zip')
    await writeFile(huge, '')
    await truncate(huge, 2 * 1024 ** 3)
    await expect(checkBundle(huge)).rejects.toMatchObject({ code: 'bundle-too-large' })
    const notAFolder = join(folder, 'file')
    await writeFile(notAFolder, '')
    await expect(unpackBundle(await zip(await tinyFiles()), notAFolder)).rejects.toMatchObject({
      code: 'bundle-unwritable'
    })
  })
})
