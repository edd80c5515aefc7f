import { Hono } from 'hono'
import { z } from 'zod'
import { continueJobSchema, newJobSchema } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Reconstructions: start, go on from, estimate, list, cancel. */
export function jobRoutes({ access, reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/', (c) => c.json(reconstructions.list()))
    .post('/', async (c) => {
      const body = await jsonBody(c.req.raw, z.looseObject({}))
      // A mistake in either is told of the one that was meant.
      if ('continueFrom' in body) {
        const job = await reconstructions.continueRun(continueJobSchema.parse(body))
        return c.json(job, 201)
      }
      const job = newJobSchema.parse(body)
      const bundlePath = await access.allowed(job.bundlePath)
      return c.json(await reconstructions.submit({ ...job, bundlePath }), 201)
    })
    .post('/estimate', async (c) => {
      const job = await jsonBody(c.req.raw, newJobSchema)
      const bundlePath = await access.allowed(job.bundlePath)
      return c.json(await reconstructions.estimate({ ...job, bundlePath }))
    })
    .post('/:id/cancel', async (c) =>
      c.json(await reconstructions.cancel(c.req.param('id'), c.req.query('keep') !== 'false'))
    )
}
