import { Hono } from 'hono'
import { z } from 'zod'
import { openRequestSchema } from '../../../shared/api.ts'
import type { OpenVolume } from '../../../shared/volumes.ts'
import { contrastOfBox } from '../../volume/contrast.ts'
import { SharedReads } from '../../volume/shared-reads.ts'
import { atVoxelSize } from '../../volume/resample/at-voxel-size.ts'
import type { ApiContext } from '../context.ts'
import { boxOfQuery } from '../box-query.ts'
import { jsonBody, parsed } from '../failure-response.ts'
import { mrcDownload, mrcRegion } from '../mrc-download.ts'

const fileQuery = z.object({ voxelSizeAngstrom: z.coerce.number().positive().max(1e6).optional() })

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
  const finding = new SharedReads<void>()
  // One search at a time: a second would list the same runs again.
  const findRuns = (opened: OpenVolume): Promise<void> =>
    finding.read(opened.id, undefined, () => reconstructions.showFoundRuns(opened).catch(() => undefined))
  return new Hono()
    .get('/', (c) => c.json(volumes.list()))
    .post('/', async (c) => {
      const { path, truncated } = await jsonBody(c.req.raw, openRequestSchema)
      const opened = await volumes.open(await access.allowed(path), c.req.raw.signal, truncated)
      // The tomogram is there at once; its runs follow as events. What can't be read of them is passed over.
      void findRuns(opened)
      return c.json(opened)
    })
    .get('/:id', (c) => c.json(volumes.get(c.req.param('id')).description))
    .get('/:id/runs', async (c) => {
      const { description } = volumes.get(c.req.param('id'))
      await findRuns(description)
      return c.json(reconstructions.list().filter(({ request }) => request.volumePath === description.info.path))
    })
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
    .get('/:id/region', async (c) => {
      const { description, volume } = volumes.get(c.req.param('id'))
      return mrcRegion(description, volume, boxOfQuery(c.req.query('box'), description.info.size), c.req.raw.signal)
    })
    .get('/:id/file', async (c) => {
      const { description, volume } = volumes.get(c.req.param('id'))
      const { voxelSizeAngstrom } = parsed(fileQuery, c.req.query())
      const { signal } = c.req.raw
      if (voxelSizeAngstrom === undefined) return mrcDownload(description, volume, signal)
      const copy = await atVoxelSize(volume, description.name, voxelSizeAngstrom, signal)
      return mrcDownload({ ...description, info: copy.info }, copy, signal)
    })
}
