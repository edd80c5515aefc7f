import type { App } from 'electron'

/**
 * On a machine without a GPU (a virtual display, a remote desktop) Chromium refuses WebGL unless it is told to
 * draw in software. Set WEDGEVIEW_SOFTWARE_GL=1 for that.
 */
export function applySoftwareDrawing(app: App, env: NodeJS.ProcessEnv): void {
  if (env.WEDGEVIEW_SOFTWARE_GL !== '1') return
  app.commandLine.appendSwitch('use-angle', 'swiftshader')
  app.commandLine.appendSwitch('enable-unsafe-swiftshader')
}
