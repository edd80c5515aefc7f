import { Hono } from 'hono'
import { z } from 'zod'
import { openRequestSchema } from '../../../shared/api.ts'
import { contrastOfBox } from '../../volume/contrast.ts'
import type { ApiContext } from '../context.ts'
import { boxOfQuery } from '../box-query.ts'
import { jsonBody, parsed } from '../failure-response.ts'
import { mrcDownload } from '../mrc-download.ts'

const histogramQuery = z
  .object({
    bins: z.coerce.number().int().min(1).max(65536).default(256),
    low: z.coerce.number().optional(),
    high: z.coerce.number().optional()
  })
  .refine(({ low, high }) => (low === undefined) === (high === undefined), 'give both low and high, or neither')
  .refine(({ low = 0, high = 1 }) => low < high, 'low must be less than high')

const contrastQuery = z.object({ box: z.string().optional() })

/** Open volumes: open, list, describe, close, scan, save. */
export function volumeRoutes({ access, volumes, reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/', (c) => c.json(volumes.list()))
    .post('/', async (c) => {
      const { path, truncated } = await jsonBody(c.req.raw, openRequestSchema)
      const opened = await volumes.open(await access.allowed(path), c.req.raw.signal, truncated)
      // The tomogram is there at once; its runs follow as events. What can't be read of them is passed over.
      void reconstructions.showFoundRuns(opened).catch(() => undefined)
      return c.json(opened)
    })
    .get('/:id', (c) => c.json(volumes.get(c.req.param('id')).description))
    .delete('/:id', async (c) => {
      await volumes.close(c.req.param('id'))
      return c.body(null, 204)
    })
    .get('/:id/contrast', async (c) => {
      const { box: text } = parsed(contrastQuery, c.req.query())
      const { description, volume } = volumes.get(c.req.param('id'))
      const box = boxOfQuery(text, description.info.size)
      return c.json(await contrastOfBox(volume, box, { signal: c.req.raw.signal }))
    })
    .get('/:id/statistics', async (c) => c.json(await volumes.statistics(c.req.param('id'), c.req.raw.signal)))
    .get('/:id/histogram', async (c) => {
      const { bins, low, high } = parsed(histogramQuery, c.req.query())
      const range = low === undefined || high === undefined ? null : { low, high }
      return c.json(await volumes.histogram(c.req.param('id'), bins, range, c.req.raw.signal))
    })
    .get('/:id/file', async (c) => {
      const { description, volume } = volumes.get(c.req.param('id'))
      return mrcDownload(description, volume, c.req.raw.signal)
    })
}
