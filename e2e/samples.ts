import { join } from 'node:path'
import { projectRoot } from '../scripts/run-command.mjs'

/** The tomogram that comes with the program: a microtubule of 13 protofilaments. */
export const sampleTomogram = join(projectRoot, 'resources', 'samples', 'microtubule-13pf.mrc')
