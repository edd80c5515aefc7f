import { truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder, plainHeader, positions } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import { openInput } from './input.ts'

test('a truncated tomogram is worked on where it is whole, and refused elsewhere', () =>
  inFolder(async (folder) => {
    const size = { x: 5, y: 7, z: 3 }
    const path = join(folder, 'cut.mrc')
    await writeVolume(path, positions(size), size, plainHeader, [])
    await truncate(path, 1024 + 2 * 35 * 4 + 70)
    const { signal } = new AbortController()
    const inside = { x: [0, 5], y: [0, 7], z: [0, 2] } satisfies Parameters<typeof openInput>[1]
    const { volume, roi } = await openInput(path, inside, signal)
    expect((await volume.readBox(roi)).every(Number.isFinite)).toBe(true)
    await volume.close()
    for (const beyond of [null, { ...inside, z: [1, 3] } satisfies Parameters<typeof openInput>[1]]) {
      await expect(openInput(path, beyond, signal)).rejects.toMatchObject({
        kind: 'input',
        code: 'mrc-truncated',
        hint: expect.stringContaining('0:2 along z')
      })
    }
  }))
