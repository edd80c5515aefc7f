import { join } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import { figureRequestSchema } from '../../../shared/api.ts'
import { figureFormats, renderFigure } from '../../figure/index.ts'
import type { FigureVolume } from '../../figure/index.ts'
import { openVolume } from '../../volume/open-volume.ts'
import type { Volume } from '../../volume/volume.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody, parsed } from '../failure-response.ts'

const formatQuery = z.object({ format: z.enum(figureFormats).default('png') })
const contentTypes = { png: 'image/png', svg: 'image/svg+xml' } as const

/** Figures of open volumes, or of files that may be opened. */
export function figureRoutes({ options, access, volumes }: ApiContext): Hono {
  return new Hono().post('/', async (c) => {
    const { format } = parsed(formatQuery, c.req.query())
    const spec = await jsonBody(c.req.raw, figureRequestSchema)
    const { signal } = c.req.raw
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
