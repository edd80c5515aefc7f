import type { Pane } from '../stores/paneKinds.ts'
import { SlicePane } from './SlicePane.tsx'

/** The component of a pane's kind. A kind that a person may choose is listed in stores/paneKinds.ts as well. */
export function PaneBody({ pane }: { pane: Pane }) {
  switch (pane.kind) {
    case 'slice':
      return <SlicePane pane={pane} />
    default:
      return null
  }
}
