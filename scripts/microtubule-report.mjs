// Runs the four methods on the shipped microtubule and writes docs/microtubule.md with what was measured.
// Usage: node scripts/microtubule-report.mjs [x0:x1,y0:y1,z0:z1]
import { runnerImport } from 'vite'
import { projectRoot, say } from './run-command.mjs'

const aliases = await runnerImport('./project-paths.ts', { root: projectRoot, configFile: false })
const { module } = await runnerImport('./bench/microtubule/report.ts', {
  root: projectRoot,
  configFile: false,
  logLevel: 'error',
  resolve: { alias: aliases.module.workspaceAliases }
})
const path = await module.writeReport(process.argv[2] ?? null, (text) => process.stderr.write(text))
say(`Wrote ${path}`)
process.exit()
