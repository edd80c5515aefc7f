import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { fromRoot, workspaceAliases } from '../../../../project-paths.ts'
import { childProcessRunner } from '../child-process.ts'
import type { SpawnRunner } from '../port.ts'

/**
 * Bundles a runner entry from the sources as they are, so that tests run the real process without the program having been
 * built. The bundle lies inside the project, where it finds node_modules, and goes with the first build after its process has ended.
 */
export async function buildRunnerEntry(source: string = fromRoot('./src/engine/runner/entry.ts')): Promise<string> {
  const cache = fromRoot('./.cache')
  await mkdir(cache, { recursive: true })
  await sweep(cache)
  const outDir = await mkdtemp(join(cache, `runner-${process.pid}-`))
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

/** Removes what processes that have ended left: a test process is often killed, and then can't clean up after itself. */
async function sweep(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const owner = /^runner-(\d+)-/.exec(name)?.[1]
    if (owner !== undefined && !isAlive(Number(owner))) await rm(join(cache, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** The real runner process, from source. */
export async function runnerFromSource(): Promise<SpawnRunner> {
  return childProcessRunner(await buildRunnerEntry())
}
