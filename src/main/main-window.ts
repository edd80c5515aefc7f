import { join } from 'node:path'
import { BrowserWindow, dialog } from 'electron'

/** Neutral grey of the workspace, so that nothing flashes before the page has drawn. */
const backgroundColor = '#1b1b1b'

/**
 * Makes the window and shows the user interface in it as soon as it has drawn.
 *
 * @param outFolder absolute path of the built program (`out/`)
 * @param pageUrl address of the user interface
 */
export function createMainWindow(outFolder: string, pageUrl: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 880,
    minHeight: 560,
    show: false,
    title: 'Wedgeview',
    backgroundColor,
    webPreferences: {
      preload: join(outFolder, 'preload', 'index.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false
    }
  })
  window.once('ready-to-show', () => window.show())
  recoverFromCrash(window)
  void window.loadURL(pageUrl)
  return window
}

/** A crash of the page (a graphics driver, too little memory) loses no data: tomograms and runs live in other processes. */
function recoverFromCrash(window: BrowserWindow): void {
  window.webContents.on('render-process-gone', async (_event, { reason }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: 'Wedgeview',
      message: 'The view stopped working.',
      detail:
        `Its process ended (${reason}); most often graphics memory ran out. ` +
        'Open tomograms and running reconstructions are not affected. Reload the view to go on.',
      buttons: ['Reload the view', 'Close the window'],
      defaultId: 0,
      cancelId: 1
    })
    if (window.isDestroyed()) return
    if (response === 0) window.webContents.reload()
    else window.close()
  })
}
