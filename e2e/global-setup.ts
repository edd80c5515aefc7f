import { electronRuntime } from '../scripts/electron-runtime.mjs'
import { missingDisplay } from '../scripts/open-window.mjs'
import { ensureBuild } from '../scripts/project-build.mjs'
import { startVirtualDisplay } from './virtual-display.ts'

/**
 * Provides what the programs under test need. Without an Electron or a display each test of the desktop fails
 * and says why; the tests in a browser run all the same. No target is left out silently.
 */
export default async function globalSetup(): Promise<() => void> {
  await ensureBuild()
  try {
    process.env.WEDGEVIEW_ELECTRON ??= (await electronRuntime()).path
    if (missingDisplay() === null) return () => undefined
    const display = await startVirtualDisplay()
    process.env.DISPLAY = display.name
    return display.stop
  } catch (error) {
    process.env.WEDGEVIEW_NO_DESKTOP = error instanceof Error ? error.message : String(error)
    return () => undefined
  }
}
