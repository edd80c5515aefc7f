import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder } from '../volume/test-volumes.ts'
import { RunPlaces } from './run-place.ts'

test('runs go beside their tomogram, numbered, never twice to one place', () =>
  inFolder(async (folder) => {
    const places = new RunPlaces({ resources: join(folder, 'resources'), runsFallback: join(folder, 'fallback') })
    await mkdir(join(folder, 'TS_01.wedgeview', 'cryogen-1-1'), { recursive: true })
    const next = (): Promise<string> => places.next(join(folder, 'TS_01.mrc'), 'cryogen-1')
    expect(await next()).toBe(join(folder, 'TS_01.wedgeview', 'cryogen-1-2'))
    expect(await next()).toBe(join(folder, 'TS_01.wedgeview', 'cryogen-1-3'))
    places.release(join(folder, 'TS_01.wedgeview', 'cryogen-1-2'))
    expect(await next()).toBe(join(folder, 'TS_01.wedgeview', 'cryogen-1-2'))
    expect(await places.next(join(folder, 'TS_01.mrc'), 'cryogen-2')).toMatch(/cryogen-2-1$/)
  }))

test('runs of the program’s own samples, and of folders that are gone, go to the fallback folder', () =>
  inFolder(async (folder) => {
    const resources = join(folder, 'resources')
    await mkdir(join(resources, 'samples'), { recursive: true })
    const places = new RunPlaces({ resources, runsFallback: join(folder, 'fallback') })
    const expected = join(folder, 'fallback', 'a.wedgeview', 'cryowgen-2-1')
    expect(await places.next(join(resources, 'samples', 'a.mrc'), 'cryowgen-2')).toBe(expected)
    expect(await places.next(join(folder, 'gone', 'b.mrc'), 'cryowgen-2')).toContain(join('fallback', 'b.wedgeview'))
  }))

test('a session of the tomogram’s own name is not in the way of its runs', () =>
  inFolder(async (folder) => {
    const places = new RunPlaces({ resources: join(folder, 'resources'), runsFallback: join(folder, 'fallback') })
    await writeFile(join(folder, 'c.wedgeview'), '{}')
    const expected = join(folder, 'fallback', 'c.wedgeview', 'cryogen-1-1')
    expect(await places.next(join(folder, 'c.mrc'), 'cryogen-1')).toBe(expected)
  }))
