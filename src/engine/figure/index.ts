import type { FigureSpec } from '../../shared/figure.ts'
import { figureSvg } from './figure-svg.ts'
import type { FigureSource } from './figure-svg.ts'
import { figurePng } from './png.ts'

export type { FigureSource, FigureVolume } from './figure-svg.ts'

export const figureFormats = ['png', 'svg'] as const
export type FigureFormat = (typeof figureFormats)[number]

/** A figure as the bytes of a file. Errors as figureSvg and figurePng. */
export async function renderFigure(spec: FigureSpec, format: FigureFormat, source: FigureSource): Promise<Uint8Array> {
  const { svg, heightMm } = await figureSvg(spec, source)
  source.signal?.throwIfAborted()
  if (format === 'svg') return new TextEncoder().encode(svg)
  return figurePng(svg, { widthMm: spec.widthMm, heightMm, dpi: spec.dpi }, source.fontFolder, source.signal)
}
