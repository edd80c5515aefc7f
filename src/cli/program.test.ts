import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder, plainHeader, positions, realFile } from '../engine/volume/test-volumes.ts'
import { writeVolume } from '../engine/volume/write-volume.ts'
import { failureSchema } from '../shared/errors.ts'
import { volumeInfoSchema } from '../shared/volumes.ts'
import { run } from './program.ts'
import { RecordedIo } from './recorded-io.ts'

test('info prints one document on standard output and nothing else', async () => {
  const io = new RecordedIo('/')
  expect(await run(['info', realFile('EMD-3197.map'), '--json', '--stats'], io)).toBe(0)
  const info = volumeInfoSchema.parse(JSON.parse(io.out))
  expect(info.size).toEqual({ x: 20, y: 20, z: 20 })
  expect(info.stats?.finite).toBe(8000)
  expect(io.err).toBe('')
})

test('info for people goes to standard error, with what was found beside the file', () =>
  inFolder(async (folder) => {
    const size = { x: 5, y: 7, z: 3 }
    await writeVolume(join(folder, 'a.mrc'), positions(size), size, plainHeader, ['made for a test'])
    await writeFile(join(folder, 'a.tlt'), '-50\n0\n62\n')
    const io = new RecordedIo(folder)
    expect(await run(['info', 'a.mrc'], io)).toBe(0)
    expect(io.out).toBe('')
    expect(io.err).toMatch(/5 x 7 x 3 voxels/)
    expect(io.err).toMatch(/10 x 10 x 10 Å/)
    expect(io.err).toMatch(/-50° to 62°/)
    expect(io.err).toMatch(/made for a test/)
  }))

test.each([
  ['missing.mrc', 'mrc-not-found'],
  ['empty.mrc', 'mrc-empty'],
  ['text.mrc', 'not-mrc'],
  ['folder', 'mrc-is-directory']
])('%s is refused with exit code 3 and a message that says what to do', (name, code) =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'empty.mrc'), '')
    await writeFile(join(folder, 'text.mrc'), 'x'.repeat(3000))
    await mkdir(join(folder, 'folder'))
    const io = new RecordedIo(folder)
    expect(await run(['info', name, '--json'], io)).toBe(3)
    const { error } = JSON.parse(io.out) as { error: unknown }
    const failure = failureSchema.parse(error)
    expect(failure.code).toBe(code)
    expect(io.err).toContain(failure.message)
    expect(io.err).toContain(failure.hint)
    expect(io.err).not.toMatch(/\n\s+at /)
  })
)

test.each([
  [['info']],
  [['info', 'a.mrc', '--nonsense']],
  [['info', 'a.mrc', 'b.mrc', 'c.mrc']],
  [['serve', '--port', 'seven']]
])('wrong usage is exit code 2: %j', async (argv) => {
  const io = new RecordedIo('/')
  expect(await run(argv, io)).toBe(2)
  expect(io.out).toBe('')
  expect(io.err.length).toBeGreaterThan(20)
})

test('help and version are no failures', async () => {
  const help = new RecordedIo('/')
  expect(await run(['--help'], help)).toBe(0)
  expect(help.out).toMatch(/serve/)
  expect(help.out).toMatch(/130 cancelled/)
  const version = new RecordedIo('/')
  expect(await run(['--version'], version)).toBe(0)
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('what is neither a file nor a command is refused before a window is sought', async () => {
  const io = new RecordedIo('/')
  expect(await run(['inof'], io)).toBe(3)
  expect(io.err).toMatch(/is not a command/)
})

test('an interrupted command is exit code 130', async () => {
  const io = new RecordedIo('/')
  io.interrupt()
  expect(await run(['info', realFile('EMD-3197.map'), '--stats'], io)).toBe(130)
})
