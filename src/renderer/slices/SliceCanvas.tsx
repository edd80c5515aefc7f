import { useEffect, useRef, useState } from 'react'
import { useFlicker } from '../stores/comparison.ts'
import { useContrast } from '../stores/contrast.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { sayFailure } from '../stores/messages.ts'
import { useOverlay } from '../stores/overlay.ts'
import { usePanes } from '../stores/panes.ts'
import { useSlices } from '../stores/slices.ts'
import { useTheme } from '../stores/theme.ts'
import { onCursorMove, useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useParts } from '../uncertainty/parts.ts'
import { slicePainter } from './slicePainter.ts'

/** What pictures are made of. */
const stores = [
  useView,
  useLayout,
  useLinks,
  usePanes,
  useSlices,
  useContrast,
  useOverlay,
  useVolumes,
  useFlicker,
  useParts
]

/** The canvas of all slices, under the panes. */
export function SliceCanvas() {
  const room = useRef<HTMLDivElement>(null)
  const [painter] = useState(painterHere)
  const theme = useTheme((state) => state.theme)

  useEffect(() => {
    const element = room.current
    if (!element || !painter) return
    element.append(painter.canvas)
    painter.canvas.addEventListener('webglcontextlost', tellOfLoss)
    const observer = new ResizeObserver(([{ contentRect }]) => painter.resize(contentRect.width, contentRect.height))
    observer.observe(element)
    const stops = [
      ...stores.map((store) => store.subscribe(() => painter.drawSoon())),
      onCursorMove(() => painter.drawNow())
    ]
    return () => {
      stops.forEach((stop) => stop())
      observer.disconnect()
      painter.canvas.removeEventListener('webglcontextlost', tellOfLoss)
      painter.canvas.remove()
    }
  }, [painter])
  useEffect(() => painter?.restyle(), [painter, theme])

  return (
    <div ref={room} className="slice-canvas" aria-hidden="true">
      {!painter && <p className="no-webgl">This window needs WebGL 2 to draw slices.</p>}
    </div>
  )
}

function painterHere(): ReturnType<typeof slicePainter> | null {
  try {
    return slicePainter()
  } catch {
    return null
  }
}

/** The driver may take the graphics memory away; three uploads everything again once it gives it back. */
function tellOfLoss(): void {
  sayFailure({
    kind: 'job',
    code: 'graphics-lost',
    message: 'The graphics driver stopped drawing this window.',
    hint: 'It usually comes back by itself; if not, close other programs that draw and reload the window.'
  })
}
