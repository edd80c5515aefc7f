import { Hono } from 'hono'
import { z } from 'zod'
import { sliceQuerySchema } from '../../../shared/api.ts'
import { planeAxes } from '../../../shared/axes.ts'
import { filteredSlice } from '../../volume/filters/filtered-slice.ts'
import { assertSlice } from '../../volume/volume.ts'
import type { ApiContext } from '../context.ts'
import { parsed } from '../failure-response.ts'
import { voxelResponse } from '../voxel-response.ts'

const index = z.coerce.number().int().min(0)
const positionQuery = z.object({ x: index, y: index, z: index })

/** Voxels of open volumes. */
export function sliceRoutes({ volumes, families }: ApiContext): Hono {
  return new Hono()
    .get('/:id/slice', async (c) => {
      const query = parsed(sliceQuerySchema, c.req.query())
      const { plane, index: sliceIndex, level, priority } = query
      const filters = { slab: query.slab ?? null, sigma: query.filter ?? 0, band: query.bandpass ?? null }
      const { description, slices } = volumes.get(c.req.param('id'))
      const options = { signal: c.req.raw.signal, priority }
      if (query.gamma !== undefined) {
        assertSlice(description.info, plane, sliceIndex)
        const tempered = await families.tempered(description.id, query.gamma, options.signal)
        const predicted = await filteredSlice(tempered, { plane, index: sliceIndex, filters }, options)
        return voxelResponse(predicted, description.revision, query.pack)
      }
      const slice = await slices.read({ plane, index: sliceIndex, level, filters }, options)
      const { row, column } = planeAxes[plane]
      const response = voxelResponse(slice, description.revision, query.pack)
      response.headers.set('X-Level', String(slice.level))
      response.headers.set('X-Row-Binning', String(slice.binning[row]))
      response.headers.set('X-Column-Binning', String(slice.binning[column]))
      return response
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
