import { join } from 'node:path'
import type { NewJob } from '../src/shared/api.ts'
import { defaultWedge } from '../src/shared/wedge.ts'
import { projectRoot } from '../scripts/run-command.mjs'

/** A region of the sample tomogram, sampled with the analytic bundle that comes with the program. */
export function sampleRun(volumeId: string, steps: number): NewJob {
  return {
    volumeId,
    bundlePath: join(projectRoot, 'resources', 'bundles', 'gaussian'),
    method: 'cryowgen-2',
    wedge: defaultWedge,
    wedgeSource: 'given',
    roi: { x: [10, 74], y: [60, 124], z: [2, 34] },
    settings: { steps, burnIn: 2, thin: 1, chains: 2, members: 2 },
    device: 'cpu',
    threads: 1
  }
}
