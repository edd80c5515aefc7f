import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createMrc } from 'mrc-js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'
import { bundleSummarySchema } from '../../shared/bundles.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

let folder = ''

/** An odd, non-cubic box of a few waves, deterministic. */
beforeAll(async () => {
  folder = await temporaryFolder()
  const size = { x: 18, y: 15, z: 12 }
  const writer = await createMrc(join(folder, 'waves.mrc'), { size, mode: 2, voxelSizeAngstrom: { x: 8, y: 8, z: 8 } })
  for (let z = 0; z < size.z; z++) {
    const section = new Float32Array(size.x * size.y)
    for (let i = 0; i < section.length; i++)
      section[i] = 100 + 5 * Math.sin(i * 0.7 + z) + ((i * 7919 + z * 104_729) % 13)
    await writer.writeSection(section)
  }
  await writer.finish()
  await writeFile(join(folder, 'waves.tlt'), '-51\n-3\n54\n')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function bundle(args: string): Promise<{ code: number; io: RecordedIo }> {
  const io = new RecordedIo(folder)
  return { code: await run(['bundle', ...args.split(' ')], io), io }
}

describe('bundle gaussian', () => {
  it('makes a bundle that passes its own check, with the range found beside the file', async () => {
    const made = await bundle('gaussian waves.mrc --out made --json')
    expect(made.io.err).toMatch(/-51 to 54 degrees \(file\)/)
    expect(made.code).toBe(0)
    const summary = bundleSummarySchema.parse(JSON.parse(made.io.out))
    expect(summary.wedge).toMatchObject({ tiltMin: -51, tiltMax: 54 })
    expect(summary.methods.map(({ works }) => works)).toEqual([true, true, true, true])
    const checked = await bundle('check made --json')
    expect(checked.code).toBe(0)
    expect(JSON.parse(checked.io.out)).toEqual(summary)
  })

  it('takes the range and the noise it is given', async () => {
    const { code, io } = await bundle('gaussian waves.mrc --out given --tilt-range -60:40 --sigma 0.5 --json')
    expect(code).toBe(0)
    const summary = bundleSummarySchema.parse(JSON.parse(io.out))
    expect(summary.wedge).toMatchObject({ tiltMin: -60, tiltMax: 40 })
    expect(summary.sigma).toBeCloseTo(0.5, 6)
  })

  it.each([
    ['an existing folder', 'gaussian waves.mrc --out .', 3],
    ['no tomogram', 'gaussian absent.mrc --out bad', 3],
    ['a negative noise', 'gaussian waves.mrc --out bad --sigma -1', 2],
    ['no place', 'gaussian waves.mrc', 2]
  ])('refuses %s', async (_, args, code) => {
    expect((await bundle(args)).code).toBe(code)
    expect(await readdir(folder)).not.toContain('bad')
  })
})

describe('bundle check', () => {
  it('says what works, in words', async () => {
    await bundle('gaussian waves.mrc --out spoken')
    const { code, io } = await bundle('check spoken')
    expect(code).toBe(0)
    expect(io.out).toBe('')
    expect(io.err).toMatch(/CryoWGEN-II: works/)
  })

  it.each([
    ['a folder without one', '.', 'bundle-missing'],
    ['a folder that is not there', 'nowhere', 'bundle-missing']
  ])('refuses %s', async (_, path, code) => {
    const result = await bundle(`check ${path} --json`)
    expect(result.code).toBe(3)
    expect(JSON.parse(result.io.out)).toMatchObject({ error: { code } })
  })

  it('refuses a network that was changed', async () => {
    await bundle('gaussian waves.mrc --out changed')
    await writeFile(join(folder, 'changed', 'prior.onnx'), 'something else')
    const { code, io } = await bundle('check changed')
    expect(code).toBe(3)
    expect(io.err).toMatch(/prior\.onnx/)
  })
})
