import { useMemo, type PointerEvent } from 'react'
import type { XYZ } from '../../shared/axes.ts'
import { planeAxes } from '../../shared/axes.ts'
import { axesOfPane, toPane, toVolume, voxelAt, voxelMiddle, type PaneTransform } from '../geometry/paneTransform.ts'
import { boxFromCorners } from '../geometry/regionBox.ts'
import { paneModel, transformOf, type PaneModel } from '../slices/paneModel.ts'
import { measurePoint, measurePointer } from '../measure/measurements.ts'
import { displayOf, editDisplay, shiftedWindow, useContrast, type Display } from '../stores/contrast.ts'
import { activatePane } from '../stores/layout.ts'
import { hoverVoxel, usePanes } from '../stores/panes.ts'
import { setRegion, useRegion } from '../stores/region.ts'
import { moveCursor, panTo, useView } from '../stores/view.ts'

type Gesture =
  | { kind: 'press'; x: number; y: number; centre: XYZ }
  | { kind: 'pan'; x: number; y: number; centre: XYZ }
  | { kind: 'crosshair'; right: boolean; up: boolean }
  | { kind: 'window'; x: number; y: number; display: Display }
  | { kind: 'region'; from: XYZ }

const clickSlop = 3
const grabDistance = 5

/** A pane's model and where its picture is drawn, right now. */
export function paneGeometry(paneId: string): { model: PaneModel; transform: PaneTransform } | null {
  const model = paneModel(paneId)
  const size = usePanes.getState().sizes[paneId]
  return model && size ? { model, transform: transformOf(model.pane, model.view, size) } : null
}

/**
 * What the pointer does on a picture: click sets the crosshair, drag pans (as in 3dmod), drag on a crosshair line
 * moves it and so steps the other planes, right drag sets window and level, and with the region tool a drag draws the region.
 */
export function usePanePointer(paneId: string) {
  return useMemo(() => pointerHandlers(paneId), [paneId])
}

function pointerHandlers(paneId: string) {
  let gesture: Gesture | null = null

  const position = (event: PointerEvent): { x: number; y: number } => {
    const box = event.currentTarget.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }

  const onPointerDown = (event: PointerEvent): void => {
    const geometry = paneGeometry(paneId)
    if (!geometry) return
    activatePane(paneId)
    event.currentTarget.setPointerCapture(event.pointerId)
    const { x, y } = position(event)
    const { model, transform } = geometry
    const { centre } = model.view
    if (event.button === 2)
      gesture = {
        kind: 'window',
        x,
        y,
        display: displayOf(useContrast.getState(), model.base, model.tomogram, model.contrastScope)
      }
    else if (event.button === 1) gesture = { kind: 'pan', x, y, centre }
    else if (useView.getState().tool === 'region') gesture = { kind: 'region', from: volumePoint(geometry, x, y) }
    else gesture = grabbed(transform, model, x, y) ?? { kind: 'press', x, y, centre }
  }

  const onPointerMove = (event: PointerEvent): void => {
    const geometry = paneGeometry(paneId)
    if (!geometry) return
    const { x, y } = position(event)
    if (gesture?.kind === 'press' && Math.hypot(x - gesture.x, y - gesture.y) > clickSlop)
      gesture = { ...gesture, kind: 'pan' }
    if (gesture) follow(gesture, geometry, x, y)
    // After the gesture, which may have moved what is under the pointer.
    const now = paneGeometry(paneId)
    if (now) hover(now, x, y)
  }

  const onPointerUp = (event: PointerEvent): void => {
    const geometry = paneGeometry(paneId)
    if (gesture?.kind === 'press' && geometry) {
      const { x, y } = position(event)
      clicked(geometry, x, y)
    }
    if (gesture?.kind === 'region') useView.setState({ tool: 'navigate' })
    gesture = null
  }

  const onPointerLeave = (): void => {
    hoverVoxel(null)
    measurePointer(null)
  }
  const onPointerEnter = (): void => activatePane(paneId)
  const onPointerCancel = (): void => {
    gesture = null
  }
  return { onPointerDown, onPointerMove, onPointerUp, onPointerLeave, onPointerEnter, onPointerCancel }
}

/** What a drag does as the pointer moves on. */
function follow(gesture: Gesture, geometry: Geometry, x: number, y: number): void {
  const { model, transform } = geometry
  if (gesture.kind === 'pan') {
    const moved = toVolume(
      { ...transform, centre: gesture.centre },
      transform.width / 2 - (x - gesture.x),
      transform.height / 2 - (y - gesture.y),
      gesture.centre[transform.axes.normal]
    )
    panTo(model.group, moved)
  } else if (gesture.kind === 'crosshair') {
    const point = volumePoint(geometry, x, y)
    const { right, up } = transform.axes
    moveCursor(model.group, {
      ...(gesture.right ? { [right]: point[right] } : {}),
      ...(gesture.up ? { [up]: point[up] } : {})
    })
  } else if (gesture.kind === 'window') {
    const widen = Math.exp((x - gesture.x) / 200)
    const display = shiftedWindow(gesture.display, widen, (y - gesture.y) / 300)
    editDisplay(model.base, model.tomogram, display, model.contrastScope)
  } else if (gesture.kind === 'region') drawRegion(geometry, gesture.from, volumePoint(geometry, x, y))
}

type Geometry = NonNullable<ReturnType<typeof paneGeometry>>

function volumePoint({ model, transform }: Geometry, x: number, y: number): XYZ {
  const { normal } = planeAxes[model.pane.plane]
  return toVolume(transform, x, y, model.view.cursor[normal])
}

/** A point in the middle of the slice's thickness, so that points of different planes lie on one grid. */
function pointInSlice(geometry: Geometry, x: number, y: number): XYZ {
  const { normal } = planeAxes[geometry.model.pane.plane]
  const point = volumePoint(geometry, x, y)
  return { ...point, [normal]: point[normal] + 0.5 }
}

function clicked(geometry: Geometry, x: number, y: number): void {
  const { group, tomogram } = geometry.model
  if (useView.getState().tool === 'measure') measurePoint(tomogram.id, pointInSlice(geometry, x, y))
  else moveCursor(group, volumePoint(geometry, x, y))
}

function hover(geometry: Geometry, x: number, y: number): void {
  measurePointer({ group: geometry.model.tomogram.id, point: pointInSlice(geometry, x, y) })
  const voxel = voxelAt(volumePoint(geometry, x, y), geometry.model.view.size)
  hoverVoxel(voxel && { paneId: geometry.model.pane.id, voxel })
}

/** A crosshair line under the pointer, as the gesture that moves it. */
function grabbed(transform: PaneTransform, model: PaneModel, x: number, y: number): Gesture | null {
  const { showCrosshair, tool } = useView.getState()
  if (!showCrosshair || tool === 'measure') return null
  const cursor = toPane(transform, voxelMiddle(model.view.cursor))
  const right = Math.abs(x - cursor.x) <= grabDistance
  const up = Math.abs(y - cursor.y) <= grabDistance
  return right || up ? { kind: 'crosshair', right, up } : null
}

/** A drag sets the region's two axes of this plane; along the third it keeps what it had, or takes everything. */
function drawRegion({ model }: Geometry, from: XYZ, to: XYZ): void {
  const { size } = model.view
  const { normal } = axesOfPane(model.pane.plane, false)
  const box = boxFromCorners(from, to, size)
  const before = useRegion.getState().boxes[model.tomogram.id]
  setRegion(model.tomogram.id, { ...box, [normal]: before?.[normal] ?? [0, size[normal]] })
}
