import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import type { Boundary } from '../geometry/layoutPlaces.ts'
import { setShares } from '../stores/layout.ts'
import { movedBoundary } from '../stores/layoutTree.ts'

/** A pane keeps room for its header and a picture. */
const least = { row: 120, column: 90 } as const
const step = 12

interface BoundaryLineProps {
  boundary: Boundary
  /** What assistive technology calls the panes on either side. */
  label: string
}

/** The line between two panes: drag it, or move it with the arrow keys; a double click or Enter evens the panes out again. */
export function BoundaryLine({ boundary, label }: BoundaryLineProps) {
  const { split, index, direction, line, shares, start, length } = boundary
  const [dragging, setDragging] = useState(false)
  const row = direction === 'row'
  const before = shares.slice(0, index).reduce((sum, share) => sum + share, 0)
  const at = before + shares[index]
  const both = shares[index] + shares[index + 1]
  const needed = length > 0 ? Math.min(both / 2, least[direction] / length) : 0
  const percent = (share: number): number => Math.round(share * 1000) / 10

  const moveTo = (share: number): void => setShares(split, movedBoundary(shares, index, share, [needed, needed]))
  const reset = (): void => setShares(split, null)

  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const panes = event.currentTarget.parentElement?.getBoundingClientRect()
    if (!dragging || !panes || length <= 0) return
    const along = row ? event.clientX - panes.left : event.clientY - panes.top
    // Lines between children before this one take a pixel each.
    moveTo((along - start - index) / length)
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const pixels = step * (event.shiftKey ? 5 : 1)
    const to: Readonly<Record<string, number>> = {
      [row ? 'ArrowLeft' : 'ArrowUp']: at - pixels / length,
      [row ? 'ArrowRight' : 'ArrowDown']: at + pixels / length,
      Home: 0,
      End: 1
    }
    if (event.key === 'Enter') reset()
    else if (to[event.key] !== undefined) moveTo(to[event.key])
    else return
    event.preventDefault()
  }

  return (
    <div
      className="boundary"
      data-direction={direction}
      data-boundary={`${split}/${index}`}
      data-dragging={dragging || undefined}
      style={line}
      role="separator"
      aria-orientation={row ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuenow={percent(at)}
      aria-valuemin={percent(before + needed)}
      aria-valuemax={percent(before + both - needed)}
      aria-valuetext={`${percent(at)} %`}
      tabIndex={0}
      onDoubleClick={reset}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        setDragging(true)
      }}
      onPointerMove={onPointerMove}
      onPointerUp={() => setDragging(false)}
      onLostPointerCapture={() => setDragging(false)}
    />
  )
}
