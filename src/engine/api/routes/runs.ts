import { Hono } from 'hono'
import { unfinishedRunRequestSchema } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Finished runs, and those that were begun and not finished. */
export function runRoutes({ reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/unfinished', async (c) => c.json(await reconstructions.unfinished()))
    .post('/resume', async (c) => {
      const { path } = await jsonBody(c.req.raw, unfinishedRunRequestSchema)
      return c.json(await reconstructions.resumeRun(path), 201)
    })
    .post('/discard', async (c) => {
      const { path } = await jsonBody(c.req.raw, unfinishedRunRequestSchema)
      await reconstructions.discardRun(path)
      return c.body(null, 204)
    })
    .delete('/:id', async (c) => {
      await reconstructions.deleteRun(c.req.param('id'))
      return c.body(null, 204)
    })
}
