import { Hono } from 'hono'
import { newJobSchema } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Reconstructions: start, estimate, list, cancel. */
export function jobRoutes({ access, reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/', (c) => c.json(reconstructions.list()))
    .post('/', async (c) => {
      const job = await jsonBody(c.req.raw, newJobSchema)
      const bundlePath = await access.allowed(job.bundlePath)
      return c.json(await reconstructions.submit({ ...job, bundlePath }), 201)
    })
    .post('/estimate', async (c) => {
      const job = await jsonBody(c.req.raw, newJobSchema)
      const bundlePath = await access.allowed(job.bundlePath)
      return c.json(await reconstructions.estimate({ ...job, bundlePath }))
    })
    .post('/:id/cancel', async (c) => c.json(await reconstructions.cancel(c.req.param('id'))))
}
