import { methods } from '../../shared/methods.ts'
import { isLooking, kindNames, type Pane } from '../stores/paneKinds.ts'

/** A pane in a few words, for those who can't see it. */
export function paneName(pane: Pane): string {
  if (!isLooking(pane)) return kindNames[pane.kind]
  const what = pane.kind === 'slice' ? pane.plane.toUpperCase() : kindNames[pane.kind]
  return pane.kind === 'slice' && pane.method !== null ? `${what} of ${methods[pane.method].name}` : what
}
