import { Hono } from 'hono'
import { z } from 'zod'
import { axisSchema, planeSchema } from '../../../shared/axes.ts'
import type { ApiContext } from '../context.ts'
import { parsed } from '../failure-response.ts'
import { voxelResponse } from '../voxel-response.ts'

const axesQuery = z.object({ tiltAxis: axisSchema.optional(), beamAxis: axisSchema.optional() })
const planeQuery = z.object({ plane: planeSchema })

/** The assumed wedge and the power spectrum it is judged by. */
export function wedgeRoutes({ volumes }: ApiContext): Hono {
  return new Hono()
    .get('/:id/wedge', async (c) => {
      const axes = parsed(axesQuery, c.req.query())
      return c.json(await volumes.scan(c.req.param('id'), 'wedge', axes, c.req.raw.signal))
    })
    .get('/:id/spectrum', async (c) => {
      const { plane } = parsed(planeQuery, c.req.query())
      const { description } = volumes.get(c.req.param('id'))
      const image = await volumes.scan(description.id, 'spectrum', { plane }, c.req.raw.signal)
      return voxelResponse(image, description.revision)
    })
}
