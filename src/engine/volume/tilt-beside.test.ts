import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFolder } from './test-volumes.ts'
import { tiltBeside } from './tilt-beside.ts'

const record = `PixelSpacing = 2.62
[T = SerialEM: tilt series]
[ZValue = 0]
TiltAngle = 0.01
StagePosition = 1 2
[ZValue = 1]
TiltAngle = -47.98
[ZValue = 2]
TiltAngle = 60.02
`

test('refined angles win over recorded ones, and a reconstruction finds its series', () =>
  inFolder(async (folder) => {
    const tomogram = join(folder, 'TS_01_full_rec.mrc')
    expect(await tiltBeside(tomogram)).toBeNull()
    await writeFile(join(folder, 'TS_01.mrc.mdoc'), record)
    expect(await tiltBeside(tomogram)).toMatchObject({ min: -47.98, max: 60.02, axis: null })
    await writeFile(join(folder, 'TS_01.rawtlt'), '-48\n0\n60\n')
    expect(await tiltBeside(tomogram)).toMatchObject({ min: -48, max: 60 })
    await writeFile(join(folder, 'TS_01.tlt'), '  -48.10 \r\n   0.00\r\n  59.90\r\n\r\n')
    expect(await tiltBeside(tomogram)).toEqual({
      min: -48.1,
      max: 59.9,
      axis: null,
      source: join(folder, 'TS_01.tlt'),
      axisAngleDegrees: null
    })
  }))

test('a file that holds no angles is passed over', () =>
  inFolder(async (folder) => {
    const tomogram = join(folder, 'a.mrc')
    await writeFile(join(folder, 'a.tlt'), 'hello\n')
    await writeFile(join(folder, 'a.rawtlt'), '-400\n400\n')
    expect(await tiltBeside(tomogram)).toBeNull()
    await writeFile(join(folder, 'a.st.mdoc'), record)
    expect(await tiltBeside(tomogram)).toMatchObject({ min: -47.98 })
  }))

test.each([
  ['[T =     Tilt axis angle = 85.3, binning = 2  spot = 8  camera = 0]', 85.3, null],
  ['[T = Tilt axis angle = -3.9, binning = 1]', -3.9, 'y'],
  ['[ZValue = 0]\nRotationAngle = 178.6', 178.6, 'y'],
  ['[ZValue = 0]\nRotationAngle = -95', -95, null],
  ['[T = SerialEM]', null, null]
])('a record says how the tilt axis lay: %j', (line, axisAngleDegrees, axis) =>
  inFolder(async (folder) => {
    await writeFile(join(folder, 'a.mrc.mdoc'), `${line}\n${record}`)
    await writeFile(join(folder, 'a.tlt'), '-48\n60\n')
    const tomogram = join(folder, 'a.mrc')
    expect(await tiltBeside(tomogram)).toEqual({
      min: -48,
      max: 60,
      axis,
      source: join(folder, 'a.tlt'),
      axisAngleDegrees
    })
  })
)
