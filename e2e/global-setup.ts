import type { FullConfig } from '@playwright/test'
import { electronRuntime } from '../scripts/electron-runtime.mjs'
import { ensureBuild } from '../scripts/project-build.mjs'
import { startVirtualDisplay } from './virtual-display.ts'

/** Provides what the programs under test need, or fails the whole run: no target is left out silently. */
export default async function globalSetup(_config: FullConfig): Promise<() => void> {
  await ensureBuild()
  process.env.WEDGEVIEW_ELECTRON ??= (await electronRuntime()).path
  if (process.platform !== 'linux' || process.env.DISPLAY) return () => undefined
  const display = await startVirtualDisplay()
  process.env.DISPLAY = display.name
  return display.stop
}
