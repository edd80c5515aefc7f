import type { PaneOf } from '../stores/paneKinds.ts'
import { PaneSection } from './PaneSection.tsx'

/** Stands where the results of runs will be shown. */
export function AwaitingPane({ pane }: { pane: PaneOf<'awaiting'> }) {
  return (
    <PaneSection pane={pane} className="awaiting-pane" label="Nothing to compare yet">
      <h2>Reconstructions appear here</h2>
      <p>
        Draw a region of interest, choose methods and press Run: MAP, posterior mean and the members of its family then
        stand beside the tomogram, linked in position, zoom and contrast.
      </p>
    </PaneSection>
  )
}
