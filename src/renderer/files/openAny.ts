import { isSessionName } from '../../shared/session/session-file.ts'
import { openSession } from '../session/openSession.ts'
import { showDialog, useSession } from '../stores/session.ts'
import { fileFailed, fileOpening } from '../stores/volumes.ts'
import { openPaths } from './openFiles.ts'

/** Opens tomograms beside what is open; a session takes the place of what is open. */
export async function openAny(paths: readonly string[]): Promise<void> {
  const session = paths.find(isSessionName)
  if (session !== undefined) await openSession({ path: session })
  await openPaths(paths.filter((path) => !isSessionName(path)))
}

/** Asks for files: the desktop's dialog, or in a browser the list of what the engine may read. */
export async function chooseFiles(): Promise<void> {
  if (window.desktop) await openAny(await window.desktop.openFiles())
  else showDialog('open')
}

/** Asks for volumes that are folders. A browser's list has them among the files. */
export async function chooseFolders(): Promise<void> {
  if (window.desktop) await openPaths(await window.desktop.openFolder())
  else showDialog('open')
}

/** Opens what was dropped. A browser does not tell where a dropped file lies, so there it is explained. */
export async function openDropped(files: readonly File[]): Promise<void> {
  const paths: string[] = []
  for (const file of files) {
    const path = (await window.desktop?.grantDroppedFile(file)) ?? null
    if (path !== null) {
      paths.push(path)
      continue
    }
    fileOpening(file.name)
    fileFailed(file.name, {
      kind: 'input',
      code: 'dropped-without-path',
      message: `${file.name} was dropped from a place that has no path here.`,
      hint: window.desktop
        ? 'Save it on this computer and drop it from the file manager, or use Open.'
        : 'A browser hides where a dropped file lies: use Open, which lists the files of the machine wedgeview runs on.'
    })
  }
  await openAny(paths)
}

export async function openSample(): Promise<void> {
  const sample = useSession.getState().info?.samplePath
  if (sample) await openPaths([sample])
}
