import { useMemo, type PointerEvent } from 'react'
import { cancelPaneDrag, dragPane, dropPane, dropSide, usePaneDrag, type DropPlace } from '../stores/paneDrag.ts'

const slop = 6

/** Dragging a pane's header moves the pane; its controls keep their own clicks. */
export function useHeaderDrag(paneId: string) {
  return useMemo(() => headerHandlers(paneId), [paneId])
}

function headerHandlers(paneId: string) {
  let from: { x: number; y: number } | null = null

  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    const onControl =
      event.target instanceof Element && event.target.closest('button, select, input, label, .pane-menu')
    if (event.button !== 0 || onControl) return
    from = { x: event.clientX, y: event.clientY }
    event.currentTarget.setPointerCapture(event.pointerId)
  }

  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!from) return
    if (usePaneDrag.getState().paneId === null) {
      if (Math.hypot(event.clientX - from.x, event.clientY - from.y) < slop) return
      window.addEventListener('keydown', onEscape, { capture: true })
    }
    dragPane(paneId, placeAt(event.clientX, event.clientY, paneId))
  }

  const end = (): void => {
    from = null
    window.removeEventListener('keydown', onEscape, { capture: true })
  }
  const onPointerUp = (): void => {
    if (usePaneDrag.getState().paneId !== null) dropPane()
    end()
  }
  const onLostPointerCapture = (): void => {
    cancelPaneDrag()
    end()
  }
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    onLostPointerCapture()
  }
  return { onPointerDown, onPointerMove, onPointerUp, onLostPointerCapture }
}

function placeAt(x: number, y: number, dragged: string): DropPlace | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const pane = element.closest('[data-pane]')
    const paneId = pane?.getAttribute('data-pane')
    if (!pane || !paneId) continue
    if (paneId === dragged) return null
    const { left, top, width, height } = pane.getBoundingClientRect()
    return { paneId, side: dropSide(x - left, y - top, width, height) }
  }
  return null
}
