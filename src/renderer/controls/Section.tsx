import { useId, useState, type ReactNode } from 'react'
import { Icon } from './Icon.tsx'

interface SectionProps {
  title: string
  children: ReactNode
  /** Small text or buttons at the right of the heading. */
  aside?: ReactNode
  initiallyOpen?: boolean
}

/** A part of a panel that can be folded away. */
export function Section({ title, children, aside, initiallyOpen = true }: SectionProps) {
  const [open, setOpen] = useState(initiallyOpen)
  const body = useId()
  return (
    <section className="section">
      <header className="section-head">
        <h2>
          <button type="button" aria-expanded={open} aria-controls={body} onClick={() => setOpen(!open)}>
            <Icon name={open ? 'chevron-down' : 'chevron-right'} />
            {title}
          </button>
        </h2>
        {aside}
      </header>
      <div id={body} className="section-body" hidden={!open}>
        {open && children}
      </div>
    </section>
  )
}
