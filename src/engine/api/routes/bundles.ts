import { Hono } from 'hono'
import { openRequestSchema } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Bundles: those that come with the program, and those opened since. */
export function bundleRoutes({ access, bundles }: ApiContext): Hono {
  return new Hono()
    .get('/', async (c) => c.json(await bundles.list()))
    .post('/', async (c) => {
      const { path } = await jsonBody(c.req.raw, openRequestSchema)
      return c.json(await bundles.open(await access.allowed(path)))
    })
}
