import { rmSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { fromRoot, workspaceAliases } from '../../../../project-paths.ts'
import { childProcessRunner } from '../child-process.ts'
import type { SpawnRunner } from '../port.ts'

/**
 * Bundles a runner entry from the sources as they are, so that tests run the real process without the program having been
 * built. The bundle lies inside the project, where it finds node_modules, and goes when the test process ends.
 */
export async function buildRunnerEntry(source: string = fromRoot('./src/engine/runner/entry.ts')): Promise<string> {
  const cache = fromRoot('./.cache')
  await mkdir(cache, { recursive: true })
  const outDir = await mkdtemp(join(cache, 'runner-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: workspaceAliases },
    build: {
      ssr: source,
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: 'runner.mjs' } }
    }
  })
  return join(outDir, 'runner.mjs')
}

/** The real runner process, from source. */
export async function runnerFromSource(): Promise<SpawnRunner> {
  return childProcessRunner(await buildRunnerEntry())
}
