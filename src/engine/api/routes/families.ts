import { Hono } from 'hono'
import { z } from 'zod'
import { axisSchema, parseBox, planeSchema } from '../../../shared/axes.ts'
import type { Box } from '../../../shared/axes.ts'
import { wedgeSchema } from '../../../shared/wedge.ts'
import { powerImage } from '../../wedge/power.ts'
import type { ApiContext } from '../context.ts'
import { normalOf } from '../families.ts'
import { parsed } from '../failure-response.ts'
import { voxelResponse } from '../voxel-response.ts'

const boxQuery = z
  .string()
  .transform((text, context): Box => {
    const box = parseBox(text)
    if (box) return box
    context.addIssue('must be x0:x1,y0:y1,z0:z1')
    return z.NEVER
  })
  .optional()

const wedgeQuery = z
  .object({
    tiltAxis: axisSchema,
    beamAxis: axisSchema,
    tiltMin: z.coerce.number(),
    tiltMax: z.coerce.number(),
    edgeSoftness: z.coerce.number().default(0),
    lowPass: z.coerce.number().nullable().default(null)
  })
  .transform((query) => wedgeSchema.parse(query))
const directionsQuery = z.object({ box: boxQuery })
const spectrumQuery = z.object({ plane: planeSchema, box: boxQuery })
const index = z.coerce.number().int().min(0)
const gammaQuery = z.coerce.number().positive().max(1e6)
const voxelQuery = z.object({ x: index, y: index, z: index, gamma: gammaQuery.optional() })

/** Power by direction of open volumes. */
export function directionRoutes({ families, volumes }: ApiContext): Hono {
  return new Hono()
    .get('/:id/directions', async (c) => {
      const query = c.req.query()
      const { box } = parsed(directionsQuery, query)
      return c.json(
        await families.volumeDirections(c.req.param('id'), parsed(wedgeQuery, query), box ?? null, c.req.raw.signal)
      )
    })
    .get('/:id/box-spectrum', async (c) => {
      const { plane, box } = parsed(spectrumQuery, c.req.query())
      const { description } = volumes.get(c.req.param('id'))
      const power = await families.volumePower(description.id, normalOf(plane), box ?? null, c.req.raw.signal)
      const { rows, columns, values } = powerImage(power)
      return voxelResponse({ rows, columns, data: values }, description.revision)
    })
}

/** Families of runs. */
export function familyRoutes({ families }: ApiContext): Hono {
  return new Hono()
    .get('/:runId/directions', async (c) =>
      c.json(
        await families.deviationDirections(c.req.param('runId'), parsed(wedgeQuery, c.req.query()), c.req.raw.signal)
      )
    )
    .get('/:runId/spectrum', async (c) => {
      const { plane } = parsed(spectrumQuery, c.req.query())
      const { power } = await families.deviationPower(c.req.param('runId'), normalOf(plane), c.req.raw.signal)
      const { rows, columns, values } = powerImage(power)
      return voxelResponse({ rows, columns, data: values }, 0)
    })
    .get('/:runId/voxel', async (c) => {
      const { gamma, ...voxel } = parsed(voxelQuery, c.req.query())
      return c.json(await families.voxel(c.req.param('runId'), voxel, gamma ?? null, c.req.raw.signal))
    })
    .get('/:runId/tempering', async (c) => {
      const { gamma } = parsed(z.object({ gamma: gammaQuery }), c.req.query())
      return c.json(await families.tempering(c.req.param('runId'), gamma, c.req.raw.signal))
    })
}
