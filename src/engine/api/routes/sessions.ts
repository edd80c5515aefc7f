import { Hono } from 'hono'
import {
  autosaveRequestSchema,
  openSessionRequestSchema,
  recentFileRequestSchema,
  saveSessionRequestSchema
} from '../../../shared/session/api.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody } from '../failure-response.ts'

/** Session files, and what is kept of the present one in case of a crash. */
export function sessionFileRoutes({ sessions }: ApiContext): Hono {
  return new Hono()
    .post('/open', async (c) => {
      const { source, located } = await jsonBody(c.req.raw, openSessionRequestSchema)
      return c.json(await sessions.open(source, located))
    })
    .post('/save', async (c) => {
      const { path, session, force } = await jsonBody(c.req.raw, saveSessionRequestSchema)
      return c.json({ path: await sessions.save(path, session, force) })
    })
    .get('/autosaves', async (c) => c.json(await sessions.offers()))
    .put('/autosave', async (c) => {
      await sessions.autosave(await jsonBody(c.req.raw, autosaveRequestSchema))
      return c.body(null, 204)
    })
    .delete('/autosave', async (c) => {
      await sessions.dropAutosave()
      return c.body(null, 204)
    })
    .delete('/autosaves/:id', async (c) => {
      await sessions.discardAutosave(c.req.param('id'))
      return c.body(null, 204)
    })
}

/** Files that were opened last. */
export function recentFileRoutes({ sessions }: ApiContext): Hono {
  return new Hono()
    .get('/', async (c) => c.json(await sessions.recent()))
    .post('/', async (c) => {
      await sessions.remember((await jsonBody(c.req.raw, recentFileRequestSchema)).path)
      return c.body(null, 204)
    })
    .post('/open', async (c) => {
      await sessions.openRecent((await jsonBody(c.req.raw, recentFileRequestSchema)).path)
      return c.body(null, 204)
    })
    .delete('/', async (c) => {
      await sessions.clearRecent()
      return c.body(null, 204)
    })
}
