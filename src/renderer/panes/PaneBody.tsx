import { CurvesPane } from '../directions/CurvesPane.tsx'
import { SpectrumPane } from '../directions/SpectrumPane.tsx'
import type { Pane } from '../stores/paneKinds.ts'
import { VolumePane } from '../volume3d/VolumePane.tsx'
import { AwaitingPane } from './AwaitingPane.tsx'
import { PositionPane } from './PositionPane.tsx'
import { SlicePane } from './SlicePane.tsx'

/** The component of a pane's kind. A kind that a person may choose is listed in stores/paneKinds.ts as well. */
export function PaneBody({ pane }: { pane: Pane }) {
  switch (pane.kind) {
    case 'slice':
      return <SlicePane pane={pane} />
    case 'volume':
      return <VolumePane pane={pane} />
    case 'spectrum':
      return <SpectrumPane pane={pane} />
    case 'curves':
      return <CurvesPane pane={pane} />
    case 'position':
      return <PositionPane pane={pane} />
    case 'awaiting':
      return <AwaitingPane pane={pane} />
    default:
      return null
  }
}
