import { join } from 'node:path'
import { app, Menu, type BrowserWindow } from 'electron'
import { z } from 'zod'
import { createApi } from '../engine/api/index.ts'
import type { Api } from '../engine/api/options.ts'
import { userPyramidCache } from '../engine/volume/pyramid/user-cache-folder.ts'
import { desktopChannels } from '../shared/desktop-channels.ts'
import type { MenuDescription } from '../shared/desktop.ts'
import { appOrigin, registerAppScheme, serveAppScheme } from './app-scheme.ts'
import { createApplicationMenu } from './application-menu.ts'
import { grantAndRemember, provideDesktopServices } from './desktop-services.ts'
import { createMainWindow } from './main-window.ts'
import { limitPermissions, lockEveryPage } from './page-security.ts'
import { PathGrants } from './path-grants.ts'
import { filesFromArguments } from './program-arguments.ts'
import { provideSessionServices } from './session-services.ts'
import { applySoftwareDrawing } from './software-drawing.ts'
import { utilityRunner } from './utility-runner.ts'
import { WaitingFiles } from './waiting-files.ts'

const outFolder = join(app.getAppPath(), 'out')
const grants = new PathGrants()
const waitingFiles = new WaitingFiles()
let mainWindow: BrowserWindow | null = null

applySoftwareDrawing(app, process.env)
registerAppScheme()
lockEveryPage(app, appOrigin)

const firstFiles = filesFromArguments(process.argv, app.isPackaged ? null : app.getAppPath(), process.cwd())
const handedOverSchema = z.object({ files: z.array(z.string()) })
const handedOver: z.infer<typeof handedOverSchema> = { files: firstFiles }
// A second start hands its files to the window that is open already, and ends.
if (app.requestSingleInstanceLock(handedOver)) start()
else app.quit()

function start(): void {
  app.on('second-instance', (_event, _argv, _workingDirectory, data) => {
    const handed = handedOverSchema.safeParse(data)
    if (handed.success) openLater(handed.data.files)
    showWindow()
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    openLater([path])
  })
  app.on('window-all-closed', () => app.quit())
  void app.whenReady().then(openProgram)
}

async function openProgram(): Promise<void> {
  firstFiles.forEach((path) => grantAndRemember(grants, path))
  const api = createEngine()
  serveAppScheme(join(outFolder, 'renderer'), api)
  const window = createMainWindow(outFolder, `${appOrigin}/`)
  mainWindow = window
  limitPermissions(window.webContents.session)
  window.webContents.on('did-start-loading', () => waitingFiles.pause())
  window.on('closed', () => (mainWindow = null))
  const showMenu = (menus: readonly MenuDescription[]): void =>
    Menu.setApplicationMenu(
      createApplicationMenu(menus, (id) => window.webContents.send(desktopChannels.menuCommand, id), !app.isPackaged)
    )
  showMenu([])
  provideDesktopServices({ window: () => window, api, grants, waitingFiles, showMenu })
  provideSessionServices({ window, api, grants })
  closeEngineBeforeQuit(api)
}

function createEngine(): Api {
  const resources = app.isPackaged ? process.resourcesPath : join(app.getAppPath(), 'resources')
  const runsFallback = join(app.getPath('userData'), 'runs')
  for (const folder of [resources, runsFallback]) grants.grant(folder)
  return createApi({
    mount: 'desktop',
    version: app.getVersion(),
    paths: grants,
    spawnRunner: utilityRunner(join(outFolder, 'main', 'runner.js')),
    volumeWorker: join(outFolder, 'main', 'volume-worker.js'),
    pyramidCache: userPyramidCache(process.env),
    resources,
    runsFallback,
    stateFolder: app.getPath('userData'),
    onRecentCleared: () => app.clearRecentDocuments(),
    initialFiles: firstFiles,
    root: null
  })
}

/** Cancelled jobs leave nothing half-written: the process ends only when the engine has closed. */
function closeEngineBeforeQuit(api: Api): void {
  app.once('will-quit', (event) => {
    event.preventDefault()
    void api.close().finally(() => app.exit())
  })
}

function openLater(paths: readonly string[]): void {
  paths.forEach((path) => grantAndRemember(grants, path))
  waitingFiles.add(paths)
}

function showWindow(): void {
  if (!mainWindow) return
  if (mainWindow.isMinimized()) mainWindow.restore()
  mainWindow.focus()
}
