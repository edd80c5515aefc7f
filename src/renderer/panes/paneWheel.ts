import { useEffect, type RefObject } from 'react'
import { planeAxes } from '../../shared/axes.ts'
import { toVolume } from '../geometry/paneTransform.ts'
import { stepCursor, zoomBy } from '../stores/view.ts'
import { paneGeometry } from './panePointer.ts'

const pixelsPerStep = 40

/** Wheel steps slices (Shift: ten), Ctrl or pinch zooms about the pointer. */
export function usePaneWheel(element: RefObject<HTMLElement | null>, paneId: string): void {
  useEffect(() => {
    const target = element.current
    if (!target) return
    let travelled = 0
    const onWheel = (event: WheelEvent): void => {
      const geometry = paneGeometry(paneId)
      if (!geometry) return
      // React listens passively; a page that scrolls or zooms along would be wrong here.
      event.preventDefault()
      const { model, transform } = geometry
      const { normal } = planeAxes[model.pane.plane]
      const delta = pixelsOf(event)
      if (event.ctrlKey || event.metaKey) {
        const box = target.getBoundingClientRect()
        const anchor = toVolume(transform, event.clientX - box.left, event.clientY - box.top, model.view.centre[normal])
        zoomBy(model.group, Math.exp(-Math.max(-120, Math.min(120, delta)) / 400), anchor)
        return
      }
      travelled += Math.abs(delta) >= 100 ? Math.sign(delta) * pixelsPerStep : delta
      const steps = Math.trunc(travelled / pixelsPerStep)
      if (steps === 0) return
      travelled -= steps * pixelsPerStep
      stepCursor(model.group, normal, -steps * (event.shiftKey ? 10 : 1))
    }
    target.addEventListener('wheel', onWheel, { passive: false })
    return () => target.removeEventListener('wheel', onWheel)
  }, [element, paneId])
}

function pixelsOf(event: WheelEvent): number {
  const along = event.deltaY !== 0 ? event.deltaY : event.deltaX
  return event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? along : along * pixelsPerStep
}
