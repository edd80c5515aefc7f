import { dialog, type BrowserWindow } from 'electron'
import { z } from 'zod'
import { desktopChannels, type BeginOutcome, type WriteOutcome } from '../shared/desktop-channels.ts'
import { GrowingFiles } from './growing-file.ts'

type Handle = (channel: string, answer: (...args: unknown[]) => unknown) => void

const suggestedNameSchema = z.string().max(200)
const idSchema = z.uuid()
const positionSchema = z.int().min(0)
/** One piece at a time goes through; a page that sends more is not ours. */
const bytesSchema = z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= 256 * 1024 * 1024)

/** Lets the page write files piece by piece, each where a person chose. A page that is gone leaves none behind. */
export function provideFileWriting(handle: Handle, window: () => BrowserWindow): void {
  const files = new GrowingFiles()
  const { webContents } = window()
  const leave = (): void => void files.discardAll()
  webContents.on('did-start-loading', leave)
  webContents.on('render-process-gone', leave)
  webContents.on('destroyed', leave)
  askBeforeClosing(window(), files)

  handle(desktopChannels.beginFile, async (suggestedName): Promise<BeginOutcome> => {
    const name = suggestedNameSchema.parse(suggestedName)
    const { filePath } = await dialog.showSaveDialog(window(), { defaultPath: name })
    if (!filePath) return { cancelled: true }
    try {
      return { id: await files.begin(filePath), path: filePath }
    } catch (error) {
      return { refused: inWords(error, filePath) }
    }
  })
  handle(desktopChannels.writeFile, (id, position, bytes) =>
    outcomeOf(files.write(idSchema.parse(id), positionSchema.parse(position), bytesSchema.parse(bytes)))
  )
  handle(desktopChannels.finishFile, (id) => outcomeOf(files.finish(idSchema.parse(id))))
  handle(desktopChannels.discardFile, (id) => outcomeOf(files.discard(idSchema.parse(id))))
}

/** A file that is half-written would be lost with the window. */
function askBeforeClosing(window: BrowserWindow, files: GrowingFiles): void {
  let isAsking = false
  window.on('close', (event) => {
    if (files.isEmpty) return
    event.preventDefault()
    if (isAsking) return
    isAsking = true
    void dialog
      .showMessageBox(window, {
        type: 'question',
        title: 'Wedgeview',
        message: 'A movie is still being made.',
        detail: 'Closing the window now leaves no file of it.',
        buttons: ['Keep the window', 'Close'],
        defaultId: 0,
        cancelId: 0
      })
      .then(async ({ response }) => {
        if (response !== 1) return
        await files.discardAll()
        window.close()
      })
      .finally(() => (isAsking = false))
  })
}

async function outcomeOf(writing: Promise<void>): Promise<WriteOutcome> {
  try {
    await writing
    return { done: true }
  } catch (error) {
    return { refused: inWords(error, 'The file') }
  }
}

function inWords(error: unknown, what: string): string {
  const reason = error instanceof Error ? error.message : String(error)
  return `${what} could not be written: ${reason}. Choose another place, or free some space.`
}
