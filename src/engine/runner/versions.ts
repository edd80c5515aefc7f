import { createRequire } from 'node:module'
import { z } from 'zod'
import { version } from '../../../package.json'

/** The program's version, as package.json says. */
export const programVersion: string = version

const packageSchema = z.object({ version: z.string() })

/** Versions that a result may depend on, for run.json. */
export function versionsInUse(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const networks = packageSchema.parse(require('onnxruntime-node/package.json'))
  return { wedgeview: version, node: process.versions.node, 'onnxruntime-node': networks.version }
}
