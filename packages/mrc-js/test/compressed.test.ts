import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { bufferSource, openMrc } from '../src/index.ts'
import { Bzip2Decoder } from '../src/bzip2.ts'
import { fileBytes, numberBytes, plainHeader, range } from './build-mrc.ts'
import { fixture, inFolder } from './fixture.ts'

function bunzip2(base64: string): number[] {
  const decoder = new Bzip2Decoder('test')
  decoder.push(Buffer.from(base64, 'base64'))
  const out: number[] = []
  for (let block = decoder.nextBlock(); block; block = decoder.nextBlock()) for (const byte of block) out.push(byte)
  return out
}

// Written by the reference implementation (libbzip2 through Python).
const threeBlocks =
  'QlpoMTFBWSZTWTbfT1YAAABJJHAAHAAHAAHAAHAgAJApgAATVUGgAz8qqQegUH1Cgy1qqQYqqQYoUG1VSDeqpBxQoOaqkHVVSDuh' +
  'QeVVIPaqkH1Cg/MUFZJlNZj50G7AAnDkkkHAAHAAHAAHAAHCAAkCmAABNVQaADylIPQKD6oUGXGpUgxVUg2UKDelIOKqkGKhQc0p' +
  'B1VUg7qFB5SkHtVSD6oUH5igrJMprIYy2XUAE4ukkgOAAOAAOAAOAAOQADgpgAAKVQAGj0YAlV9VFVpWoEqtglVpvXAEquQlV0Ow' +
  'JVeBKr0YAlV8EqvxdyRThQkMgigmsA=='

const threeMillionZeros = 'QlpoOTFBWSZTWaZFgLIAFvpACMAAQAAACCAAMMwJqmmpAi2pIEXi7kinChIUyLAWQA=='
const twoStreams =
  'QlpoOTFBWSZTWaRjnbsAAACRgEAAASAcACAAIYAMAycu4u5IpwoSFIxzt2BCWmgxMUFZJlNZJooCNAAAAoGADgGIACAAIhhoMAcCmF3JFOFCQJooCNA='

describe('bzip2', () => {
  it('decodes several blocks, long runs, several streams and nothing', () => {
    const blocks = bunzip2(threeBlocks)
    expect(blocks.length).toBe(250_000)
    expect(blocks.every((byte, i) => byte === (i % 5) * 50 + Math.floor(i / 40_000))).toBe(true)
    const zeros = bunzip2(threeMillionZeros)
    expect(zeros.length).toBe(3_000_000)
    expect(zeros.every((byte) => byte === 0)).toBe(true)
    expect(Buffer.from(bunzip2(twoStreams)).toString()).toBe('first second')
    expect(bunzip2('QlpoORdyRThQkAAAAAA=')).toEqual([])
  })

  it('finds damage anywhere by the checksums, and never hangs on it', () => {
    const good = Buffer.from(threeBlocks, 'base64')
    for (let at = 0; at < good.length; at++) {
      const bad = Buffer.from(good)
      bad[at] ^= 1 << (at % 8)
      let decoded: number[] = []
      let code = 'none'
      try {
        decoded = bunzip2(bad.toString('base64'))
      } catch (error) {
        code = (error as { code: string }).code
      }
      // A larger block size in the stream's header, and the padding after its end, change nothing.
      if (code === 'none') expect(decoded.length).toBe(250_000)
      else expect(code).toBe('corrupt-compression')
    }
    for (const length of [3, 5, 20, 100, good.length - 8]) {
      expect(() => bunzip2(good.subarray(0, length).toString('base64'))).toThrow(/damaged/)
    }
  })
})

describe('compressed files', () => {
  it.each([
    ['emd_3197.map.gz', 'gzip'],
    ['EMD-3197.map.bz2', 'bzip2']
  ])('reads the real %s like the plain file', async (name, compressed) => {
    const plain = await openMrc(fixture('EMD-3197.map'))
    const file = await openMrc(fixture(name))
    expect(file.compressed).toBe(compressed)
    expect(file.header).toEqual(plain.header)
    for (const plane of ['xy', 'xz', 'yz'] as const) {
      expect(await file.readSlice(plane, 11)).toEqual(await plain.readSlice(plane, 11))
    }
    expect(await file.statistics()).toEqual(await plain.statistics())
    await file.close()
    await plain.close()
  })

  it('decompresses a large file into the temporary folder and leaves nothing there', async () => {
    await inFolder(async (folder) => {
      // 80 MB of voxels: above what is kept in memory.
      const [nx, ny, nz] = [1000, 1000, 40]
      const data = new Int16Array(nx * ny * nz).map((_, i) => (i >> 8) - 80_000)
      const temporaryFolder = join(folder, 'temporary')
      await mkdir(temporaryFolder)
      const path = join(folder, 'large.mrc.gz')
      await writeFile(path, gzipSync(fileBytes(plainHeader(nx, ny, nz, 1), new Uint8Array(data.buffer)), { level: 1 }))
      const fractions: number[] = []
      const file = await openMrc(path, { temporaryFolder, onProgress: (fraction) => fractions.push(fraction) })
      expect(fractions.at(-1)).toBe(1)
      const slice = await file.readSlice('xy', 39)
      expect(slice[999_999]).toBe(data[nx * ny * nz - 1])
      expect((await file.readSlice('xz', 500))[39 * nx + 3]).toBe(data[39 * nx * ny + 500 * nx + 3])
      await file.close()
      expect(await readdir(temporaryFolder)).toEqual([])
      const cancelled = new AbortController()
      const stopped = openMrc(path, {
        temporaryFolder,
        signal: cancelled.signal,
        onProgress: () => cancelled.abort(new Error('enough'))
      })
      await expect(stopped).rejects.toThrow('enough')
      expect(await readdir(temporaryFolder)).toEqual([])
    })
  })

  it('takes no more from a decompression bomb than the header asks for', async () => {
    const bomb = gzipSync(fileBytes(plainHeader(4, 3, 2, 1), new Uint8Array(300_000_000)))
    const before = process.memoryUsage().arrayBuffers
    const file = await openMrc(bufferSource(bomb))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
    expect(Array.from(await file.readSlice('xy', 1))).toEqual(Array(12).fill(0))
  })

  it('says that a damaged file is damaged, and offers what came before', async () => {
    const values = range(20_000).map((i) => (i * 7919) % 30_000)
    const whole = fileBytes(plainHeader(100, 20, 10, 1), numberBytes(values, 'Int16'))
    const cut = gzipSync(whole, { level: 0 }).subarray(0, 1024 + 4000 * 3 + 500)
    const file = await openMrc(bufferSource(cut), { truncated: 'read' })
    const { readableSections } = file
    await expect(openMrc(bufferSource(cut))).rejects.toMatchObject({
      code: 'corrupt-compression',
      details: { readableSections, sections: 10 },
      hint: expect.stringContaining('open the part that is there') as string
    })
    expect(file.repairs.map((entry) => entry.code)).toContain('damaged-compression')
    expect(file.readableSections).toBeGreaterThanOrEqual(2)
    expect(file.repairs.map((entry) => entry.code)).toContain('truncated')
    expect(Array.from(await file.readSlice('xy', 1))).toEqual(values.slice(2000, 4000))
    const larger = range(200_000).map((i) => (i * 7919) % 30_000)
    const flipped = gzipSync(fileBytes(plainHeader(100, 200, 10, 1), numberBytes(larger, 'Int16')))
    flipped[flipped.length - 6] ^= 1
    await expect(openMrc(bufferSource(flipped))).rejects.toMatchObject({ details: { sections: 10 } })
    const suspect = await openMrc(bufferSource(flipped), { truncated: 'read' })
    expect(suspect.readableSections).toBeGreaterThanOrEqual(8)
    expect(Array.from(await suspect.readSlice('xy', 7))).toEqual(larger.slice(140_000, 160_000))
    await expect(openMrc(bufferSource(cut.subarray(0, 500)))).rejects.toMatchObject({ code: 'corrupt-compression' })
    const real = await readFile(fixture('EMD-3197.map.bz2'))
    await expect(openMrc(bufferSource(real.subarray(0, 20_000)))).rejects.toMatchObject({ code: 'corrupt-compression' })
    await expect(openMrc(bufferSource(gzipSync(Buffer.from('no volume'))))).rejects.toMatchObject({ code: 'not-mrc' })
    await expect(openMrc(bufferSource(gzipSync(Buffer.alloc(0))))).rejects.toMatchObject({ code: 'empty' })
  })
})
