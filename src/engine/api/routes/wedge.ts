import { Hono } from 'hono'
import { z } from 'zod'
import { axisSchema, planeSchema } from '../../../shared/axes.ts'
import type { ApiContext } from '../context.ts'
import { parsed } from '../failure-response.ts'
import { voxelResponse } from '../voxel-response.ts'
import { spectrumImage, wedgeReport } from '../wedge-report.ts'

const axesQuery = z.object({ tiltAxis: axisSchema.optional(), beamAxis: axisSchema.optional() })
const planeQuery = z.object({ plane: planeSchema })

/** The assumed wedge and the power spectrum it is judged by. */
export function wedgeRoutes({ volumes }: ApiContext): Hono {
  return new Hono()
    .get('/:id/wedge', async (c) => {
      const axes = parsed(axesQuery, c.req.query())
      const { volume } = volumes.get(c.req.param('id'))
      return c.json(await wedgeReport(volume, axes, { signal: c.req.raw.signal }))
    })
    .get('/:id/spectrum', async (c) => {
      const { plane } = parsed(planeQuery, c.req.query())
      const { description, volume } = volumes.get(c.req.param('id'))
      return voxelResponse(await spectrumImage(volume, plane, { signal: c.req.raw.signal }), description.revision)
    })
}
