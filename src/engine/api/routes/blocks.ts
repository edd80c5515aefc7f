import { Hono } from 'hono'
import { blockQuerySchema } from '../../../shared/api.ts'
import { formatBox } from '../../../shared/axes.ts'
import type { ApiContext } from '../context.ts'
import { boxOfQuery } from '../box-query.ts'
import { parsed } from '../failure-response.ts'
import { littleEndian } from '../voxel-response.ts'

/** Boxes of voxels for 3-D views. */
export function blockRoutes({ volumes }: ApiContext): Hono {
  return new Hono().get('/:id/block', async (c) => {
    const { box: text, limit, side } = parsed(blockQuerySchema, c.req.query())
    const { description } = volumes.get(c.req.param('id'))
    const box = boxOfQuery(text, description.info.size)
    const block = await volumes.readBlock(c.req.param('id'), box, limit, side, c.req.raw.signal)
    return new Response(littleEndian(block.data), {
      headers: {
        'Content-Type': 'application/octet-stream',
        'X-Size': [block.size.x, block.size.y, block.size.z].join(','),
        'X-Box': formatBox(block.box),
        'X-Revision': String(description.revision)
      }
    })
  })
}
