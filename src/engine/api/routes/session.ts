import { access } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { SessionInfo } from '../../../shared/api.ts'
import type { ApiContext } from '../context.ts'

const sampleFile = join('samples', 'microtubule-13pf.mrc')

export function sessionRoutes({ options }: ApiContext): Hono {
  return new Hono().get('/', async (c) => {
    const samplePath = join(options.resources, sampleFile)
    const session: SessionInfo = {
      version: options.version,
      mount: options.mount,
      initialFiles: options.initialFiles,
      samplePath: await access(samplePath).then(
        () => samplePath,
        () => null
      ),
      root: options.root,
      device: `${cpus()[0]?.model.trim() ?? 'CPU'}, ${availableParallelism()} threads`,
      memoryBytes: totalmem()
    }
    return c.json(session)
  })
}
