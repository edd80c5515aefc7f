import { failureOf } from '../api/failures.ts'
import { openBundle } from '../api/routes.ts'
import { bundleFailed, putBundle } from '../stores/bundles.ts'
import { showDialog } from '../stores/session.ts'

/** Asks for a bundle's folder and takes it; what is wrong with it is said in the run panel. */
export async function chooseBundle(): Promise<void> {
  if (!window.desktop) return showDialog('open-bundle')
  const path = await window.desktop.openBundle()
  if (path !== null) await addBundle(path)
}

export async function addBundle(path: string): Promise<void> {
  try {
    putBundle(await openBundle(path))
  } catch (error) {
    bundleFailed(failureOf(error))
  }
}
