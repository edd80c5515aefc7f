import type { ReactNode } from 'react'
import { useLayout, type Pane } from '../stores/layout.ts'
import { KindChoice } from './KindChoice.tsx'

interface PaneFrameProps {
  pane: Exclude<Pane, { kind: 'position' }>
  /** What assistive technology calls the pane. */
  label: string
  /** What the header says besides the choice of what is shown. */
  head?: ReactNode
  /** Whether the header offers that choice; in a comparison the first pane does for all. */
  choosing?: boolean
  children: ReactNode
}

/** The frame of a pane of any kind: a header with the choice of what is shown, and the body below. */
export function PaneFrame({ pane, label, head, choosing = true, children }: PaneFrameProps) {
  const active = useLayout((state) => state.activePane === pane.id)
  return (
    <section
      className="pane"
      data-pane={pane.id}
      data-kind={pane.kind}
      data-active={active || undefined}
      aria-label={label}
    >
      <header className="pane-head">
        {choosing && <KindChoice pane={pane} />}
        {head}
      </header>
      {children}
    </section>
  )
}
