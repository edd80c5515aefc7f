import { Hono } from 'hono'
import { readRunDiagnostics } from '../../derived/run-diagnostics.ts'
import { chimeraxScript } from '../../export/chimerax.ts'
import { diagnosticsCsv } from '../../export/diagnostics-csv.ts'
import { threeDmodCommand } from '../../export/three-dmod.ts'
import type { ApiContext } from '../context.ts'

/** A run for other programs. */
export function runExportRoutes({ reconstructions }: ApiContext): Hono {
  return new Hono()
    .get('/:id/chimerax', async (c) =>
      c.text(await chimeraxScript(reconstructions.pathOf(c.req.param('id')), c.req.raw.signal))
    )
    .get('/:id/diagnostics.csv', async (c) => {
      const csv = diagnosticsCsv(await readRunDiagnostics(reconstructions.pathOf(c.req.param('id'))))
      return c.text(csv, 200, { 'Content-Type': 'text/csv; charset=utf-8' })
    })
    .get('/:id/3dmod', async (c) =>
      c.json({ command: await threeDmodCommand(reconstructions.pathOf(c.req.param('id'))) })
    )
}
