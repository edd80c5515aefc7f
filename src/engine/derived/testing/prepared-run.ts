import type { RunRecord } from '../../../shared/runs.ts'
import { writeVolume } from '../../volume/write-volume.ts'
import { preparedRunFiles, preparedTomogramFile, type WriteMrc } from './prepared-files.ts'

export * from './prepared-files.ts'

const write: WriteMrc = (path, values, size, header) => writeVolume(path, values, size, header, [])

/** preparedTomogramFile by the engine's own writer. */
export function writePreparedTomogram(folder: string): Promise<string> {
  return preparedTomogramFile(folder, write)
}

/** preparedRunFiles by the engine's own writer. */
export function writePreparedRun(tomogramPath: string, name?: string, edit?: Partial<RunRecord>): Promise<string> {
  return preparedRunFiles(tomogramPath, write, name, edit)
}
