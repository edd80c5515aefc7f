import { Hono } from 'hono'
import { z } from 'zod'
import { sliceQuerySchema } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'
import { parsed } from '../failure-response.ts'
import { voxelResponse } from '../voxel-response.ts'

const index = z.coerce.number().int().min(0)
const positionQuery = z.object({ x: index, y: index, z: index })

/** Voxels of open volumes. */
export function sliceRoutes({ volumes }: ApiContext): Hono {
  return new Hono()
    .get('/:id/slice', async (c) => {
      const { plane, index: sliceIndex } = parsed(sliceQuerySchema, c.req.query())
      const { description, volume } = volumes.get(c.req.param('id'))
      const slice = await volume.readSlice(plane, sliceIndex, { signal: c.req.raw.signal })
      return voxelResponse(slice, description.revision)
    })
    .get('/:id/values', async (c) => {
      const { x, y, z: section } = parsed(positionQuery, c.req.query())
      const { volume } = volumes.get(c.req.param('id'))
      const box = { x: [x, x + 1], y: [y, y + 1], z: [section, section + 1] } satisfies Record<string, [number, number]>
      const [value] = await volume.readBox(box, { signal: c.req.raw.signal })
      // JSON knows no NaN: a voxel without a finite value has the value null.
      return c.json({ value: Number.isFinite(value) ? value : null })
    })
}
