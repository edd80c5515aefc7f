import { Hono } from 'hono'
import { resampleRequestSchema } from '../../../shared/derived.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'
import { ResampledVolumes } from '../resampled-volumes.ts'

/** A volume on the grid of another. */
export function resampleRoutes({ volumes }: ApiContext): Hono {
  const resampled = new ResampledVolumes(volumes)
  return new Hono().post('/:id/resample', async (c) => {
    const { onto } = await jsonBody(c.req.raw, resampleRequestSchema)
    return c.json(await resampled.make(c.req.param('id'), onto, c.req.raw.signal))
  })
}
