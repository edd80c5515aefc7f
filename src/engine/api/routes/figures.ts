import { join } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import { figureRequestSchema } from '../../../shared/api.ts'
import { figureFormatSchema } from '../../../shared/figure.ts'
import type { FigureFormat, FigureSpec } from '../../../shared/figure.ts'
import { renderFigure } from '../../figure/index.ts'
import type { FigureVolume } from '../../figure/index.ts'
import { openVolume } from '../../volume/open-volume.ts'
import type { Volume } from '../../volume/volume.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody, parsed } from '../failure-response.ts'

const formatQuery = z.object({ format: z.union([figureFormatSchema, z.literal('spec')]).default('png') })
const contentTypes: Readonly<Record<FigureFormat, string>> = {
  png: 'image/png',
  png16: 'image/png',
  tiff: 'image/tiff',
  'tiff-data': 'image/tiff',
  svg: 'image/svg+xml',
  pdf: 'application/pdf'
}

/** Figures of open volumes, or of files that may be opened. */
export function figureRoutes({ options, access, volumes }: ApiContext): Hono {
  return new Hono().post('/', async (c) => {
    const { format } = parsed(formatQuery, c.req.query())
    const spec = await jsonBody(c.req.raw, figureRequestSchema)
    const { signal } = c.req.raw
    if (format === 'spec') return c.json(withPaths(spec, volumes))
    const opened: Volume[] = []
    const resolve = async (name: string): Promise<FigureVolume> => {
      if (volumes.has(name)) {
        const { description, volume } = volumes.get(name)
        return { volume, quantity: description.quantity }
      }
      const volume = await openVolume(await access.allowed(name), { signal })
      opened.push(volume)
      return { volume, quantity: 'grey value' }
    }
    try {
      const bytes = await renderFigure(spec, format, { resolve, fontFolder: join(options.resources, 'fonts'), signal })
      return new Response(new Uint8Array(bytes), { headers: { 'Content-Type': contentTypes[format] } })
    } finally {
      await Promise.all(opened.map((volume) => volume.close()))
    }
  })
}

/** The SPEC as it is saved: files by their paths, which outlive the ids of what is open. */
function withPaths(spec: FigureSpec, volumes: ApiContext['volumes']): FigureSpec {
  const pathOf = (name: string): string => (volumes.has(name) ? volumes.get(name).description.info.path : name)
  return {
    ...spec,
    panels: spec.panels.map((panel) =>
      panel.kind === 'slice'
        ? {
            ...panel,
            volume: pathOf(panel.volume),
            overlay: panel.overlay && { ...panel.overlay, volume: pathOf(panel.overlay.volume) }
          }
        : {
            ...panel,
            volume: pathOf(panel.volume),
            tint: panel.tint && { ...panel.tint, volume: pathOf(panel.tint.volume) }
          }
    )
  }
}
