import type { FigureFormat, FigureSpec } from '../../shared/figure.ts'
import { deepPng, joinedBytes } from './deep-pixels.ts'
import type { DeepPixels } from './deep-pixels.ts'
import { figureCsv } from './figure-csv.ts'
import { figureData } from './figure-data.ts'
import { figureSvg } from './figure-svg.ts'
import type { FigureSource } from './figure-svg.ts'
import { madeVolumes } from './made-volumes.ts'
import { figurePdf } from './pdf.ts'
import { figurePng } from './png.ts'
import { writeTiff } from './tiff.ts'

export type { FigureSource, FigureVolume } from './figure-svg.ts'

/** A figure as the bytes of a file: the same bytes for the same SPEC and voxels (but for a PDF's date). Errors as figureSvg, figurePng, figureCsv and madeVolumes. */
export async function renderFigure(spec: FigureSpec, format: FigureFormat, files: FigureSource): Promise<Uint8Array> {
  const source = madeVolumes(spec.volumes, files)
  const { signal, fontFolder } = source
  switch (format) {
    case 'csv':
      return new TextEncoder().encode(await figureCsv(spec, source))
    case 'tiff-data':
      return writeTiff(await figureData(spec, source))
    case 'png16':
      return deepPng(await deepPixels(spec, source), spec.dpi)
    case 'tiff': {
      const { width, height, rgb } = await deepPixels(spec, source)
      const pixelsPerInch = { x: spec.dpi, y: spec.dpi }
      return writeTiff([{ width, height, samples: rgb, pixelsPerInch, description: spec.caption }])
    }
    case 'svg':
      return new TextEncoder().encode((await figureSvg(spec, source)).svg)
    case 'pdf': {
      const drawing = await figureSvg(spec, source)
      signal?.throwIfAborted()
      return figurePdf(drawing, fontFolder, { title: spec.caption.split('\n', 1)[0] || 'Figure' })
    }
    case 'png': {
      const { svg, heightMm } = await figureSvg(spec, source)
      signal?.throwIfAborted()
      return figurePng(svg, { widthMm: spec.widthMm, heightMm, dpi: spec.dpi }, fontFolder, signal)
    }
  }
}

async function deepPixels(spec: FigureSpec, source: FigureSource): Promise<DeepPixels> {
  const bytes: Uint8Array[] = []
  for (const part of ['high', 'low'] as const) {
    const { svg, heightMm } = await figureSvg(spec, source, part)
    source.signal?.throwIfAborted()
    const size = { widthMm: spec.widthMm, heightMm, dpi: spec.dpi }
    bytes.push(await figurePng(svg, size, source.fontFolder, source.signal))
  }
  return joinedBytes(bytes[0], bytes[1])
}
