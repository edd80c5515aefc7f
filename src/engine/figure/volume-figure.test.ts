import { fileURLToPath } from 'node:url'
import { decode } from 'fast-png'
import { expect, test } from 'vitest'
import { standardViews } from '../../shared/camera.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import { memoryVolume } from '../volume/memory-volume.ts'
import { memoryInfo } from '../volume/test-volumes.ts'
import { figureSvg } from './figure-svg.ts'
import { renderFigure } from './index.ts'
import type { FigureSource } from './index.ts'

/** Distance to a ball of 12 x voxels, voxels of 10 x 10 x 20 Angstrom: linear along every radius. */
const size = { x: 40, y: 36, z: 24 }
const ball = new Float32Array(size.x * size.y * size.z).map((_, i) => {
  const x = i % 40
  const y = Math.floor(i / 40) % 36
  const z = Math.floor(i / (40 * 36))
  return 12 - Math.hypot(x + 0.5 - 20, y + 0.5 - 18, 2 * (z + 0.5 - 12))
})
const spread = ball.map((_, i) => (i % 40 < 20 ? 0 : 2))
const voxelSizeAngstrom = { x: 10, y: 10, z: 20 }
const source: FigureSource = {
  resolve: async (name) => ({
    volume: memoryVolume(name === 'sd' ? spread : ball, memoryInfo(size, { voxelSizeAngstrom })),
    quantity: 'grey value'
  }),
  fontFolder: fileURLToPath(new URL('../../../resources/fonts', import.meta.url))
}

function spec(panel: object): ReturnType<typeof figureSpecSchema.parse> {
  return figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 40,
    dpi: 100,
    scaleBar: false,
    panels: [
      {
        kind: 'volume',
        volume: 'ball',
        camera: { rotation: [0, 0, 0, 1], target: { x: 20, y: 18, z: 24 }, height: 40 },
        mode: 'surface',
        level: 2,
        contrast: { low: 0, high: 12 },
        background: 'black',
        depthCue: 0,
        ...panel
      }
    ]
  })
}

async function drawn(panel: object) {
  const { width, height, channels, data } = decode(await renderFigure(spec(panel), 'png', source))
  const left = (4 / 72) * 100
  const across = width - 2 * left
  /** Brightness at a point in units of the view's height, from its middle. */
  const at = (right: number, up: number): number[] => {
    const x = Math.floor(left + across * (0.5 + right))
    const y = Math.floor(left + across * (0.5 - up))
    return [0, 1, 2].map((i) => data[(y * width + x) * channels + i])
  }
  /** Where the pixel that `at` takes lies, in the same units. */
  const middleOf = (right: number): number => (Math.floor(left + across * (0.5 + right)) + 0.5 - left) / across - 0.5
  return { at, middleOf, height, across }
}

test('an isosurface has the ball’s radius, normals and light', async () => {
  const { at, across } = await drawn({})
  let covered = 0
  const n = Math.round(across)
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) if (at((x + 0.5) / n - 0.5, (y + 0.5) / n - 0.5)[0] > 20) covered++
  expect(Math.abs(Math.sqrt(covered / Math.PI) / n - 10 / 40)).toBeLessThan(0.006)
  const unit = (v: number[]): number[] => v.map((value) => value / Math.hypot(...v))
  const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0)
  const lamp = unit([0.2, 0.35, 1])
  for (const [right, up] of [
    [0, 0],
    [0.5, 0],
    [-0.4, 0.5],
    [0.1, -0.7]
  ]) {
    const normal = [right, up, Math.sqrt(1 - right * right - up * up)]
    const half = unit([lamp[0], lamp[1], lamp[2] + 1])
    const expected = 0.8 * (0.28 + 0.72 * Math.abs(dot(normal, lamp))) + 0.12 * Math.abs(dot(normal, half)) ** 32
    expect(Math.abs(at(right / 4, up / 4)[1] - 255 * expected)).toBeLessThan(7)
  }
})

test('maximum and average along the beam against the closed form', async () => {
  const maximum = await drawn({ mode: 'maximum' })
  // The largest value along a ray is the one where it passes the ball's middle.
  const distance = 40 * Math.hypot(maximum.middleOf(0.1), maximum.middleOf(0))
  expect(Math.abs(maximum.at(0.1, 0)[0] - ((12 - distance) / 12) * 255)).toBeLessThan(6)
  const average = await drawn({ mode: 'average', contrast: { low: -24, high: 12 } })
  // Mean over z of 12 - sqrt(r^2 + z^2) for z from -24 to 24.
  const mean = (r: number): number => {
    const root = Math.hypot(r, 24)
    return 12 - (24 * root + r * r * Math.log((24 + root) / r)) / 48
  }
  const radius = 40 * Math.hypot(average.middleOf(0.2), average.middleOf(0))
  expect(Math.abs(average.at(0.2, 0)[0] - ((mean(radius) + 24) / 36) * 255)).toBeLessThan(4)
})

test('a surface is coloured by another map, cut from the front, and clipped', async () => {
  const tinted = await drawn({
    tint: { volume: 'sd', contrast: { low: 0, high: 2 }, colourMap: 'magma', quantity: 'SD (grey value)' }
  })
  const [darkRed, brightRed] = [tinted.at(-0.1, 0), tinted.at(0.1, 0)]
  expect(Math.max(...darkRed)).toBeLessThan(60)
  expect(brightRed[0]).toBeGreaterThan(200)
  const cut = await drawn({ cutFront: 0.5 })
  // Half is gone: the far bowl is seen from inside, as bright as its mirror image.
  expect(cut.at(0, 0)[0]).toBeGreaterThan(150)
  const clipped = await drawn({ clip: { x: [0.5, 1], y: [0, 1], z: [0, 1] } })
  expect(clipped.at(-0.1, 0)).toEqual([0, 0, 0])
  expect(clipped.at(0.1, 0)[0]).toBeGreaterThan(100)
})

test('a gradient behind the volume rises from the bottom to the top, as the window’s', async () => {
  for (const [background, bottom, top] of [
    ['black', 0.05, 0.3],
    ['white', 1, 0.72]
  ] as const) {
    const { at, middleOf } = await drawn({ background, gradient: true, level: 100 })
    for (const up of [-0.45, -0.2, 0, 0.3, 0.45])
      expect(Math.abs(at(0.3, up)[1] - 255 * (bottom + (top - bottom) * (0.5 - middleOf(-up))))).toBeLessThan(1)
  }
})

test('the wedge in place veils what lies behind it by the length of each ray in it', async () => {
  const wedge = { tiltAxis: 'y', beamAxis: 'z', tiltMin: -60, tiltMax: 60 }
  const radius = 10
  const cone = { centre: { x: 20, y: 18, z: 24 }, radius, wedge }
  // From below, along the tilt axis: x to the right, z up.
  const camera = { rotation: standardViews.top, target: { x: 20, y: 18, z: 24 }, height: 40 }
  const { at, middleOf } = await drawn({ camera, cone, level: 100 })
  for (const [right, up] of [
    [0.02, 0.15],
    [-0.04, 0.13],
    [0.06, -0.14],
    [0.1, 0.12],
    [0.2, 0.1],
    [0, 0.3]
  ]) {
    const [x, z] = [40 * middleOf(right), -40 * middleOf(-up)]
    const isIn = Math.abs(z) > Math.tan(Math.PI / 3) * Math.abs(x) && Math.hypot(x, z) < radius
    const length = isIn ? 2 * Math.sqrt(radius * radius - x * x - z * z) : 0
    const share = 0.55 * (1 - Math.exp((-1.4 * length) / radius))
    const expected = [0.91, 0.58, 0.22].map((part) => 255 * part * share)
    at(right, up).forEach((level, i) => expect(Math.abs(level - expected[i]), `${right} ${up}`).toBeLessThan(1.5))
  }
  // Before the ball it is seen, behind its surface it is not.
  const before = await drawn({ camera, cone: { ...cone, centre: { x: 20, y: -10, z: 24 }, radius: 8 }, level: 2 })
  const behind = await drawn({ camera, cone: { ...cone, centre: { x: 20, y: 46, z: 24 }, radius: 8 }, level: 2 })
  const bare = await drawn({ camera, level: 2 })
  expect(behind.at(0, 0.05)).toEqual(bare.at(0, 0.05))
  expect(before.at(0, 0.05)[0] - before.at(0, 0.05)[2]).toBeGreaterThan(bare.at(0, 0.05)[0] - bare.at(0, 0.05)[2] + 30)
})

test('the scale bar of a 3-D panel is true, and there is none in perspective', async () => {
  const { svg } = await figureSvg({ ...spec({}), scaleBar: true }, source)
  // 40 x voxels of 10 Angstrom are 40 nm across; at most 0.3 of them: 10 nm, a quarter.
  expect(svg).toContain('>10 nm</text>')
  const camera = { rotation: [0, 0, 0, 1], target: { x: 20, y: 18, z: 24 }, height: 40, perspective: true }
  const inPerspective = { ...spec({ camera }), scaleBar: true }
  expect((await figureSvg(inPerspective, source)).svg).not.toContain('nm</text>')
})
