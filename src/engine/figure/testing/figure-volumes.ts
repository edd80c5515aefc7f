import { fileURLToPath } from 'node:url'
import { Resvg } from '@resvg/resvg-js'
import type { XYZ } from '../../../shared/axes.ts'
import { figureSpecSchema } from '../../../shared/figure.ts'
import type { FigureSpec } from '../../../shared/figure.ts'
import { memoryVolume } from '../../volume/memory-volume.ts'
import { memoryInfo } from '../../volume/test-volumes.ts'
import type { Volume } from '../../volume/volume.ts'
import type { FigureSource } from '../index.ts'

/** Small volumes and figures of them, for tests. */
export const fontFolder = fileURLToPath(new URL('../../../../resources/fonts', import.meta.url))

export function volumeOf(
  size: XYZ,
  valueAt: (x: number, y: number, z: number) => number,
  voxelSizeAngstrom: XYZ | null = null
): Volume {
  const data = new Float32Array(size.x * size.y * size.z)
  for (let i = 0; i < data.length; i++)
    data[i] = valueAt(i % size.x, Math.floor(i / size.x) % size.y, Math.floor(i / (size.x * size.y)))
  return memoryVolume(data, memoryInfo(size, { voxelSizeAngstrom }))
}

export function sourceOf(volumes: Readonly<Record<string, Volume>>): FigureSource {
  return {
    resolve: async (name) => {
      if (!Object.hasOwn(volumes, name)) throw new Error(`no volume ${name}`)
      return { volume: volumes[name], quantity: 'grey value' }
    },
    fontFolder
  }
}

type LooseSpec = Omit<Partial<FigureSpec>, 'panels'> & { panels: object[] }

/** 100 mm at 254 dpi: 1000 pixels. Panels are XY slices of `base` unless they say otherwise. */
export function specOf({ panels, ...rest }: LooseSpec): FigureSpec {
  const slice = { kind: 'slice', volume: 'base', plane: 'xy', index: 0, contrast: { low: 0, high: 1 } }
  return figureSpecSchema.parse({
    formatVersion: 1,
    widthMm: 100,
    dpi: 254,
    scaleBar: false,
    ...rest,
    panels: panels.map((panel) => ({ ...slice, ...panel }))
  })
}

const margin = 4
/** Where a figure of one panel without a heading has its image, in pixels of 254 dpi. */
export const image = { left: (margin / 72) * 254, width: 1000 - (2 * margin * 254) / 72 }

/** Pixels that an independent renderer makes of a figure's SVG: RGB at a place. */
export function drawnSvg(svg: string, width: number): (x: number, y: number) => number[] {
  const drawn = new Resvg(svg, { fitTo: { mode: 'width', value: width } }).render()
  const { pixels } = drawn
  return (x, y) => [...pixels.subarray((Math.floor(y) * drawn.width + Math.floor(x)) * 4).subarray(0, 3)]
}

export interface SvgElement {
  name: string
  attributes: Readonly<Record<string, string>>
  text: string
}

/** The elements of an SVG document in order, with their own text. Enough for what figures write: no comments, no CDATA. */
export function svgElements(svg: string): SvgElement[] {
  return [...svg.matchAll(/<([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*\/?>([^<]*)/g)].map(
    ([, name, attributes, text]) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [key, value])
      ),
      text
    })
  )
}
