import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testApi } from '../../engine/api/test-api.ts'
import type { TestApi } from '../../engine/api/test-api.ts'
import { preparedMaps, preparedMembers, preparedWedge } from '../../engine/derived/testing/prepared-files.ts'
import { writePreparedRun, writePreparedTomogram } from '../../engine/derived/testing/prepared-run.ts'
import { temporaryFolder } from '../../engine/runner/testing/small-tomogram.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { run } from '../program.ts'
import { RecordedIo } from '../recorded-io.ts'

/** The window asks the engine's interface for its preview and its files; the command line draws the saved SPEC in another process's place. */
let folder = ''
let api: TestApi
let volumes: OpenVolume[] = []
const fonts = fileURLToPath(new URL('../../../resources/fonts', import.meta.url))

beforeAll(async () => {
  folder = await temporaryFolder()
  await cp(fonts, join(folder, 'resources', 'fonts'), { recursive: true })
  const tomogramPath = await writePreparedTomogram(folder)
  await writePreparedRun(tomogramPath)
  api = await testApi(folder)
  await api.json(openVolumeSchema, 'POST', '/api/volumes', { path: tomogramPath })
  while (volumes.length < 1 + Object.keys(preparedMaps).length + preparedMembers) {
    // Runs are found after the answer; a loop of promises alone would keep the disk from answering.
    await setImmediate()
    volumes = await api.json(openVolumeSchema.array(), 'GET', '/api/volumes')
  }
})
afterAll(async () => {
  await api.api.close()
  await rm(folder, { recursive: true, force: true })
})

function of(role: OpenVolume['role']): OpenVolume {
  const found = volumes.find((volume) => volume.role === role)
  if (!found) throw new Error(`no ${role}`)
  return found
}
const derive = (body: unknown): Promise<OpenVolume> => api.json(openVolumeSchema, 'POST', '/api/derived', body)

async function windowFigure(): Promise<FigureSpec> {
  const [mean, sd, member] = [of('mean'), of('std'), of('member')]
  const members = volumes.filter(({ role }) => role === 'member').map(({ id }) => id)
  const filled = await derive({ kind: 'part', volumeId: mean.id, part: 'filled-in' })
  const measured = await derive({ kind: 'part', volumeId: member.id, part: 'measured' })
  const above = (estimate: string): Promise<OpenVolume> =>
    derive({ kind: 'probability', runId: mean.runId, threshold: 112, estimate })
  const probability = await above('gaussian')
  const slice = { kind: 'slice', plane: 'xy', index: 9, contrast: { low: 90, high: 170 } }
  const overlay = { index: 9, opacity: 0.7, quantity: 'posterior SD (grey value)', colourMap: 'magma' }
  const spread = { low: 0, high: 14 }
  return figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 120,
    dpi: 127,
    columns: 3,
    panelLetters: true,
    caption: 'prepared.mrc. CryoWGEN-II, γ = 1, seed 5.',
    volumes: {
      'member at 4': { kind: 'preview', of: member.id, gamma: 4 },
      'SD at 4': { kind: 'preview', of: sd.id, gamma: 4 }
    },
    panels: [
      {
        ...slice,
        volume: mean.id,
        overlay: { ...overlay, volume: 'SD at 4', contrast: spread, contours: [6, 12], threshold: 4 }
      },
      {
        ...slice,
        volume: 'member at 4',
        colourMap: 'viridis',
        quantity: 'grey value, member 1',
        comparison: { mode: 'swipe', volume: filled.id, index: 9, contrast: { low: -40, high: 40 }, at: 13.4 }
      },
      {
        ...slice,
        volume: mean.id,
        overlay: { ...overlay, volume: sd.id, contrast: spread, style: 'value-suppressing' }
      },
      {
        ...slice,
        volume: measured.id,
        comparison: {
          mode: 'deviation',
          volume: mean.id,
          index: 9,
          contrast: spread,
          limit: 3,
          spread: { volume: sd.id, index: 9 }
        }
      },
      { ...slice, volume: probability.id, contrast: { low: 0, high: 1 }, colourMap: 'magma', smooth: true },
      { kind: 'spectrum', source: { of: 'deviations', mean: mean.id, members }, plane: 'xz', wedge: preparedWedge },
      {
        kind: 'curves',
        wedge: preparedWedge,
        curves: [
          { name: 'mean', label: 'posterior mean', source: { of: 'volume', volume: mean.id } },
          { name: 'deviations', label: 'variance', source: { of: 'deviations', mean: mean.id, members } }
        ]
      },
      { kind: 'distribution', voxel: { x: 13, y: 11, z: 9 }, members, mean: mean.id, std: sd.id },
      {
        kind: 'volume',
        volume: mean.id,
        mode: 'maximum',
        contrast: { low: 90, high: 170 },
        camera: { rotation: [0, 0, 0, 1], target: { x: 14, y: 12, z: 10 }, height: 30 }
      }
    ]
  })
}

test('the saved SPEC is drawn by the command line to the byte as the window’s engine draws it', async () => {
  const spec = await windowFigure()
  const saved = await api.call('POST', '/api/figures?format=spec', spec)
  expect(saved.status).toBe(200)
  const text = await saved.text()
  // Nothing of this process is left in it.
  for (const { id } of volumes) expect(text).not.toContain(`"${id}"`)
  const specPath = join(folder, 'figure.json')
  await writeFile(specPath, text)
  for (const [format, ending, more] of [
    ['png', 'png', []],
    ['png16', 'png', ['--bits', '16']],
    ['svg', 'svg', []],
    ['tiff', 'tiff', []],
    ['tiff-data', 'tiff', ['--data']],
    ['csv', 'csv', []],
    ['pdf', 'pdf', []]
  ] as const) {
    const io = new RecordedIo('/')
    const out = join(folder, `figure-${format}.${ending}`)
    expect([await run(['figure', specPath, '--out', out, ...more], io), io.err]).toEqual([0, expect.any(String)])
    const drawn = await api.call('POST', `/api/figures?format=${format}`, spec)
    expect(drawn.status, await drawn.clone().text()).toBe(200)
    const [here, there] = [Buffer.from(await drawn.arrayBuffer()), await readFile(out)]
    // A PDF tells when it was made.
    const same = format === 'pdf' ? undated(here).equals(undated(there)) : here.equals(there)
    expect(same, format).toBe(true)
  }
})

test('a SPEC is opened again with its files by their whole paths, and drawn as before', async () => {
  const saved = await (await api.call('POST', '/api/figures?format=spec', await windowFigure())).json()
  const text = JSON.stringify(saved).replaceAll(`"${folder}/`, '"./')
  await writeFile(join(folder, 'relative.json'), text)
  const opened = await api.json(figureSpecSchema, 'POST', '/api/figures/open', { path: join(folder, 'relative.json') })
  expect(opened).toEqual(figureSpecSchema.parse(saved))
  await writeFile(join(folder, 'broken.json'), '{"formatVersion": 2}')
  expect(await api.refusal('POST', '/api/figures/open', { path: join(folder, 'broken.json') })).toMatchObject({
    status: 422,
    code: 'figure-spec'
  })
  expect(await api.refusal('POST', '/api/figures/open', { path: '/etc/hostname' })).toMatchObject({ status: 403 })
  const [panel] = opened.panels
  const elsewhere = { ...opened, panels: [{ ...panel, volume: '/etc/hostname' }] }
  expect(await api.refusal('POST', '/api/figures?format=spec', elsewhere)).toMatchObject({ status: 403 })
})

function undated(pdf: Buffer): Buffer {
  return Buffer.from(
    pdf
      .toString('latin1')
      .replace(/D:\d{14}Z?/g, '')
      .replace(/\/ID \[[^\]]*\]/g, ''),
    'latin1'
  )
}
