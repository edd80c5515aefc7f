import type { ReactNode } from 'react'
import { useLayout, type Pane } from '../stores/layout.ts'

interface PaneSectionProps {
  pane: Pane
  label: string
  className?: string
  children: ReactNode
}

/** The element of a pane, of whatever kind. */
export function PaneSection({ pane, label, className = '', children }: PaneSectionProps) {
  const active = useLayout((state) => state.activePane === pane.id)
  return (
    <section
      className={`pane ${className}`}
      data-pane={pane.id}
      data-kind={pane.kind}
      data-active={active || undefined}
      aria-label={label}
    >
      {children}
    </section>
  )
}
