import { Hono } from 'hono'
import type { ApiContext } from '../context.ts'

/** Finished runs. */
export function runRoutes({ reconstructions }: ApiContext): Hono {
  return new Hono().delete('/:id', async (c) => {
    await reconstructions.deleteRun(c.req.param('id'))
    return c.body(null, 204)
  })
}
