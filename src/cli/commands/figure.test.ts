import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { inFolder, plainHeader, positions } from '../../engine/volume/test-volumes.ts'
import { writeVolume } from '../../engine/volume/write-volume.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

const size = { x: 5, y: 7, z: 3 }
const panel = { kind: 'slice', volume: 'a.mrc', plane: 'xy', index: 0, contrast: { low: 0, high: 604 } }
const spec = { formatVersion: 1, widthMm: 50, dpi: 254, panels: [panel] }

async function inPrepared(action: (io: RecordedIo, folder: string) => Promise<void>, document: unknown = spec) {
  await inFolder(async (folder) => {
    await writeVolume(join(folder, 'a.mrc'), positions(size), size, plainHeader, [])
    await writeFile(join(folder, 'spec.json'), JSON.stringify(document))
    await action(new RecordedIo('/'), folder)
  })
}

test('a SPEC becomes a PNG of the size asked for, its volumes found beside it', () =>
  inPrepared(async (io, folder) => {
    const out = join(folder, 'fig.png')
    const argv = ['figure', join(folder, 'spec.json'), '--out', out, '--width-mm', '40', '--dpi', '508', '--json']
    expect(await run(argv, io)).toBe(0)
    expect(JSON.parse(io.out)).toEqual({ path: out, format: 'png', widthMm: 40, dpi: 508 })
    const image = decode(await readFile(out))
    expect(image.width).toBe(800)
    expect(image.resolution?.x).toBe(20000)
    expect((await readdir(folder)).sort()).toEqual(['a.mrc', 'fig.png', 'spec.json'])
  }))

test('the ending chooses the format', () =>
  inPrepared(async (io, folder) => {
    expect(await run(['figure', join(folder, 'spec.json'), '--out', join(folder, 'fig.svg')], io)).toBe(0)
    expect(await readFile(join(folder, 'fig.svg'), 'utf8')).toMatch(/^<\?xml[^>]*\?>\n<svg /)
    for (const [name, start, more] of [
      ['fig.pdf', '%PDF-', []],
      ['fig.tif', 'II*\0', []],
      ['data.tiff', 'II*\0', ['--data']],
      ['deep.png', '\x89PNG', ['--bits', '16']]
    ] as const) {
      expect([
        await run(['figure', join(folder, 'spec.json'), '--out', join(folder, name), ...more], io),
        io.err
      ]).toEqual([0, expect.stringMatching(name)])
      expect((await readFile(join(folder, name), 'latin1')).startsWith(start)).toBe(true)
    }
    expect(decode(await readFile(join(folder, 'deep.png'))).depth).toBe(16)
    expect(await run(['figure', join(folder, 'spec.json'), '--out', join(folder, 'fig.pdf'), '--data'], io)).toBe(2)
    expect(await run(['figure', join(folder, 'spec.json'), '--out', join(folder, 'fig.docx')], io)).toBe(2)
    expect(await run(['figure', join(folder, 'spec.json')], io)).toBe(2)
  }))

test.each([
  ['a field of the wrong type', { ...spec, dpi: 'many' }, /dpi/],
  ['no panels', { ...spec, panels: [] }, /panels/],
  ['a volume that is not there', { ...spec, panels: [{ ...panel, volume: 'b.mrc' }] }, /b\.mrc does not exist/],
  ['a slice that is not there', { ...spec, panels: [{ ...panel, index: 3 }] }, /no XY slice 3/],
  ['no object', 7, /SPEC/]
])('a SPEC with %s is refused with exit code 3, and nothing is written', (_, document, message) =>
  inPrepared(async (io, folder) => {
    expect(await run(['figure', join(folder, 'spec.json'), '--out', join(folder, 'fig.png')], io)).toBe(3)
    expect(io.err).toMatch(message)
    expect((await readdir(folder)).sort()).toEqual(['a.mrc', 'spec.json'])
  }, document)
)

test('a folder that can’t be written to fails the job', () =>
  inPrepared(async (io, folder) => {
    expect(await run(['figure', join(folder, 'spec.json'), '--out', join(folder, 'no', 'fig.png')], io)).toBe(4)
    expect(io.err).toMatch(/could not be written/)
  }))
