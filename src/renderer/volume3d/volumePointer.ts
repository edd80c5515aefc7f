import { useEffect, useMemo, type PointerEvent, type RefObject } from 'react'
import { activatePane } from '../stores/layout.ts'
import { editCamera, lookAtPane, setMoving } from '../stores/volumeView.ts'
import { panned, rolled, turned, zoomed } from '../../shared/camera.ts'

/** How long after the last turn of the wheel the picture counts as still, in ms. */
const wheelRest = 180

/** Left drag turns (with Shift moves, with Ctrl rolls), middle or right drag moves, the wheel zooms. */
export function useVolumePointer(paneId: string, picture: RefObject<HTMLDivElement | null>) {
  useEffect(() => {
    const element = picture.current
    if (!element) return
    let rest: ReturnType<typeof setTimeout> | undefined
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      setMoving(paneId)
      editCamera(paneId, (camera) => zoomed(camera, Math.exp(-event.deltaY / (event.ctrlKey ? 100 : 600))))
      clearTimeout(rest)
      rest = setTimeout(() => setMoving(null), wheelRest)
    }
    element.addEventListener('wheel', onWheel, { passive: false })
    return () => {
      clearTimeout(rest)
      element.removeEventListener('wheel', onWheel)
    }
  }, [paneId, picture])

  return useMemo(() => pointerHandlers(paneId), [paneId])
}

function pointerHandlers(paneId: string) {
  let last: { x: number; y: number; how: 'turn' | 'move' | 'roll' } | null = null
  const onPointerDown = (event: PointerEvent<HTMLElement>): void => {
    activatePane(paneId)
    event.currentTarget.setPointerCapture(event.pointerId)
    const how = event.button !== 0 || event.shiftKey ? 'move' : event.ctrlKey ? 'roll' : 'turn'
    last = { x: event.clientX, y: event.clientY, how }
    setMoving(paneId)
  }
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    if (!last) return
    const { how } = last
    const dx = event.clientX - last.x
    const dy = event.clientY - last.y
    last = { x: event.clientX, y: event.clientY, how }
    const { width, height } = event.currentTarget.getBoundingClientRect()
    editCamera(paneId, (camera) =>
      how === 'turn'
        ? turned(camera, dx, dy, Math.min(width, height))
        : how === 'roll'
          ? rolled(camera, (-dx * Math.PI) / Math.min(width, height))
          : panned(camera, dx, dy, height)
    )
  }
  const stop = (): void => {
    last = null
    setMoving(null)
  }
  return {
    onPointerDown,
    onPointerMove,
    onPointerUp: stop,
    onPointerCancel: stop,
    onPointerEnter: () => {
      activatePane(paneId)
      lookAtPane(paneId)
    }
  }
}
