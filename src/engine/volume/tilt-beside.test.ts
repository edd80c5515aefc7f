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
      source: join(folder, 'TS_01.tlt')
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
