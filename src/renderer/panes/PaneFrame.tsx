import type { ReactNode } from 'react'
import { tip } from '../controls/tip.ts'
import type { Pane, PaneOf } from '../stores/paneKinds.ts'
import { useHeaderDrag } from './headerDrag.ts'
import { KindChoice } from './KindChoice.tsx'
import { PaneMenu } from './PaneMenu.tsx'
import { PaneSection } from './PaneSection.tsx'

interface PaneFrameProps {
  pane: Exclude<Pane, PaneOf<'awaiting'>>
  /** What assistive technology calls the pane. */
  label: string
  /** What the header says besides the choice of what is shown. */
  head?: ReactNode
  /** Whether the header offers that choice; in a comparison the first pane does for all. */
  choosing?: boolean
  children: ReactNode
}

/**
 * The frame of a pane of any kind: a header with the choice of what is shown and the pane's menu, and the body below.
 * The header can be dragged to another place.
 */
export function PaneFrame({ pane, label, head, choosing = true, children }: PaneFrameProps) {
  const drag = useHeaderDrag(pane.id)
  return (
    <PaneSection pane={pane} label={label}>
      <header className="pane-head" {...drag}>
        <span
          className="pane-grip"
          {...tip('Drag onto another pane: its middle swaps the two, an edge puts it beside')}
        />
        {choosing && <KindChoice pane={pane} />}
        {head ?? <span className="pane-spring" />}
        <PaneMenu pane={pane} />
      </header>
      {children}
    </PaneSection>
  )
}
