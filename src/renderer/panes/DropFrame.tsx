import type { CSSProperties } from 'react'
import type { Rectangle } from '../geometry/layoutPlaces.ts'
import { usePaneDrag, type DropPlace } from '../stores/paneDrag.ts'

const words: Readonly<Record<DropPlace['side'], string>> = {
  swap: 'Swap',
  left: 'Put left of it',
  right: 'Put right of it',
  top: 'Put above it',
  bottom: 'Put below it'
}

/** Where a dragged pane would go. */
export function DropFrame({ places }: { places: Readonly<Record<string, Rectangle>> }) {
  const over = usePaneDrag((state) => state.over)
  const place = over && places[over.paneId]
  if (!over || !place) return null
  return (
    <div className="drop-place" data-side={over.side} style={half(place, over.side)}>
      <span>{words[over.side]}</span>
    </div>
  )
}

function half({ left, top, width, height }: Rectangle, side: DropPlace['side']): CSSProperties {
  if (side === 'left') return { left, top, height, width: width / 2 }
  if (side === 'right') return { left: left + width / 2, top, height, width: width / 2 }
  if (side === 'top') return { left, top, width, height: height / 2 }
  if (side === 'bottom') return { left, top: top + height / 2, width, height: height / 2 }
  return { left, top, width, height }
}
