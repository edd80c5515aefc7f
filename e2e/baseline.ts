import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { projectRoot } from '../scripts/run-command.mjs'
import { expect, test } from './fixtures.ts'
import type { RunningProgram } from './running-program.ts'

/** Pictures of what canvases drew, kept in e2e/baselines, and what is drawn now against them. */

export interface Raster {
  width: number
  height: number
  /** Red, green, blue of each pixel, row by row from the top. */
  rgb: Uint8Array
}

export interface Difference {
  /** Largest difference of a colour part, 0 to 255. */
  largest: number
  /** Mean difference of the colour parts, 0 to 255. */
  mean: number
  /** Share of the pixels of which a part differs by more than `plainly`. */
  share: number
}

/** A difference of a colour part that is more than rounding. */
const plainly = 8

/**
 * What another version of the browser may do to a picture: round differently anywhere, and decide differently on the borders of voxels,
 * lines and surfaces. A shift by a pixel, another colour map or an opacity that is off by 2 % are beyond it (baselines.spec.ts holds that).
 */
export const tolerance = { mean: 0.5, share: 0.01 } as const

/** @throws when the sizes differ */
export function differenceOf(a: Raster, b: Raster): Difference {
  if (a.width !== b.width || a.height !== b.height)
    throw new Error(`The pictures are ${a.width} x ${a.height} and ${b.width} x ${b.height} pixels.`)
  let largest = 0
  let sum = 0
  let apart = 0
  for (let pixel = 0; pixel < a.rgb.length; pixel += 3) {
    let most = 0
    for (let part = pixel; part < pixel + 3; part++) {
      const by = Math.abs(a.rgb[part] - b.rgb[part])
      sum += by
      most = Math.max(most, by)
    }
    largest = Math.max(largest, most)
    if (most > plainly) apart++
  }
  return { largest, mean: sum / a.rgb.length, share: (3 * apart) / a.rgb.length }
}

export function isWithinTolerance({ mean, share }: Difference): boolean {
  return mean <= tolerance.mean && share <= tolerance.share
}

export function decodeRaster(png: Uint8Array): Raster {
  const { width, height, channels, data } = decode(png)
  const rgb = new Uint8Array(width * height * 3)
  for (let i = 0; i < width * height; i++)
    for (let part = 0; part < 3; part++) rgb[3 * i + part] = data[i * channels + part]
  return { width, height, rgb }
}

const folder = join(projectRoot, 'e2e', 'baselines')
const listPath = join(folder, 'recorded.json')
const recording = process.env.WEDGEVIEW_RECORD_BASELINES === '1'

/** `browsers` draw exactly the pictures that are kept. */
interface Recorded {
  browsers: string[]
}

async function readRecorded(): Promise<Recorded> {
  return JSON.parse(await readFile(listPath, 'utf8').catch(() => '{"browsers":[]}')) as Recorded
}

/** The browser's version and what it draws with; the same two draw the same pixels. */
async function browserOf({ page, desktop }: RunningProgram): Promise<string> {
  const version = desktop ? await desktop.evaluate(() => process.versions.chrome) : page.context().browser()?.version()
  const renderer = await page.evaluate(() => {
    const gl = document.createElement('canvas').getContext('webgl2')
    const names = gl?.getExtension('WEBGL_debug_renderer_info')
    return names ? String(gl?.getParameter(names.UNMASKED_RENDERER_WEBGL)) : 'unknown renderer'
  })
  return `Chromium ${version}, ${renderer}`
}

/** The pictures of one program. */
export interface Baselines {
  /** Whether the pictures were recorded with this very browser, and have to be the same to the bit. */
  exact: boolean
  /** Compares what is drawn in a rectangle of the page, without glyphs and words, with the picture `name`. */
  compare(name: string, clip: { x: number; y: number; width: number; height: number }): Promise<void>
}

/**
 * With WEDGEVIEW_RECORD_BASELINES=1 pictures are written instead; look at them before they are committed. Says in the test's output
 * which comparison was made.
 */
export async function openBaselines(program: RunningProgram): Promise<Baselines> {
  const { page } = program
  const browser = await browserOf(program)
  // A style element is against the page's own policy.
  await page.evaluate((rules) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(rules)
    document.adoptedStyleSheets.push(sheet)
  }, quiet)
  const before = await readRecorded()
  const exact = before.browsers.includes(browser)
  const words = recording
    ? `Recording with ${browser}`
    : exact
      ? `Every pixel is compared: recorded with ${browser}`
      : `Compared within a mean of ${tolerance.mean} levels and ${100 * tolerance.share} % of the pixels: not recorded with ${browser}`
  test.info().annotations.push({ type: 'baselines', description: words })
  process.stdout.write(`    ${words}\n`)
  const take = async (clip: Parameters<Baselines['compare']>[1]): Promise<Raster> =>
    decodeRaster(await page.screenshot({ clip, scale: 'css' }))
  /** What is on screen once it no longer changes: the compositor may be a frame behind the canvas. */
  const still = async (clip: Parameters<Baselines['compare']>[1]): Promise<Raster> => {
    let before = await take(clip)
    for (let attempt = 0; attempt < 20; attempt++) {
      const now = await take(clip)
      if (differenceOf(before, now).largest === 0) return now
      before = now
    }
    return before
  }
  const compare: Baselines['compare'] = async (name, clip) => {
    const path = join(folder, `${name}.png`)
    let now = await still(clip)
    if (recording) return record(path, now, browser)
    const kept = decodeRaster(await readFile(path))
    const agreesWith = (difference: Difference): boolean =>
      exact ? difference.largest === 0 : isWithinTolerance(difference)
    let difference = differenceOf(now, kept)
    for (let attempt = 0; attempt < 5 && !agreesWith(difference); attempt++) {
      now = await still(clip)
      difference = differenceOf(now, kept)
    }
    const agrees = agreesWith(difference)
    const told = `${name}.png: mean ${difference.mean.toFixed(3)}, largest ${difference.largest}, ${(100 * difference.share).toFixed(2)} % of the pixels differ plainly`
    if (!agrees) {
      const drawn = test.info().outputPath(`${name}.png`)
      await writeFile(drawn, pngOf(now))
      await test.info().attach(`${name} as drawn`, { path: drawn, contentType: 'image/png' })
    }
    expect.soft(agrees, told).toBe(true)
  }
  return { exact, compare }
}

/** Nothing but canvases and colours: words, and what they push aside, differ with the system's fonts; panels with its scroll bars. */
const quiet = `
  .glyphs, .crosshair, .compare-tag, .swipe-handle, .key-text, .key-tick, .pane-note { visibility: hidden !important }
  .compare-bar { height: 30px; flex-wrap: nowrap !important; overflow: hidden }
  .palette-key svg { position: fixed; top: 40px; left: 10px; width: 240px; height: 150px; z-index: 9; background: black }
  .palette-key path { shape-rendering: crispEdges; stroke: none }`

/** A picture that is new or differs is kept, and no other browser is known to draw it then. */
async function record(path: string, now: Raster, browser: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const kept = await readFile(path).then(decodeRaster, () => null)
  const same = kept && kept.width === now.width && kept.height === now.height && differenceOf(kept, now).largest === 0
  if (!same) await writeFile(path, pngOf(now))
  const { browsers } = await readRecorded()
  const others = same ? browsers.filter((one) => one !== browser) : []
  await writeFile(listPath, `${JSON.stringify({ browsers: [...others, browser].sort() }, null, 2)}\n`)
}

function pngOf({ width, height, rgb }: Raster): Uint8Array {
  return encode({ width, height, data: rgb, channels: 3, depth: 8 })
}
