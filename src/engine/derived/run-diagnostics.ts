import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { WedgeviewError } from '../../shared/errors.ts'
import { runDiagnosticsSchema } from '../../shared/run-diagnostics.ts'
import type { RunDiagnostics } from '../../shared/run-diagnostics.ts'

/** diagnostics.json of a run folder. @throws WedgeviewError input / `diagnostics-unreadable` */
export async function readRunDiagnostics(runPath: string): Promise<RunDiagnostics> {
  const path = join(runPath, 'diagnostics.json')
  try {
    return runDiagnosticsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new WedgeviewError(
      'input',
      'diagnostics-unreadable',
      `${path} can't be read as a run's diagnostics.`,
      'The file was changed or removed; the maps and run.json are not affected.',
      { cause: error }
    )
  }
}
