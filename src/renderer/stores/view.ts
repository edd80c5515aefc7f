import { create } from 'zustand'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { wholeBox } from '../../shared/axes.ts'
import { boxMiddle, clampVoxel, voxelAspect, zoomedCentre } from '../geometry/paneTransform.ts'
import type { OpenVolume } from '../../shared/volumes.ts'

/** What panes of one link group share: position, zoom and pan, in the tomogram's voxels. */
export interface View {
  size: XYZ
  voxelSizeAngstrom: XYZ | null
  aspect: XYZ
  /** The voxel under the crosshair. */
  cursor: XYZ
  /** The volume point in the middle of every pane (continuous voxel coordinates). */
  centre: XYZ
  /** CSS pixels per x voxel. */
  scale: number
  /** While set, panes keep this box in view when they change size. */
  fit: Box | null
  /** The box that was fitted last: the three planes share the room in its proportions. */
  framed: Box
}

interface ViewState {
  /** By key, see links.ts: a tomogram and its maps share one, named by the tomogram's id; panes apart have their own. */
  views: Readonly<Record<string, View>>
  showCrosshair: boolean
  showScaleBar: boolean
  /** Blend between voxels when they are larger than a pixel. */
  smooth: boolean
  /** What a click or a drag in a slice does. */
  tool: 'navigate' | 'region' | 'measure'
}

export const useView = create<ViewState>()(() => ({
  views: {},
  showCrosshair: true,
  showScaleBar: true,
  smooth: true,
  tool: 'navigate'
}))

export const scaleLimits = { min: 0.01, max: 128 }

export function addView(group: string, volume: OpenVolume): void {
  if (useView.getState().views[group]) return
  const { size, voxelSizeAngstrom } = volume.info
  const whole = wholeBox(size)
  const view: View = {
    size,
    voxelSizeAngstrom,
    aspect: voxelAspect(voxelSizeAngstrom),
    cursor: clampVoxel(boxMiddle(whole), size),
    centre: boxMiddle(whole),
    scale: 1,
    fit: whole,
    framed: whole
  }
  useView.setState((state) => ({ views: { ...state.views, [group]: view } }))
}

/** Removes a tomogram's view, and those of panes that look at it apart from the others. */
export function removeView(tomogram: string): void {
  useView.setState((state) => ({
    views: Object.fromEntries(Object.entries(state.views).filter(([key]) => key.split(/[#@]/)[0] !== tomogram))
  }))
}

export function putView(group: string, view: View): void {
  useView.setState((state) => ({ views: { ...state.views, [group]: view } }))
}

export function editView(group: string, edit: (view: View) => Partial<View>): void {
  change(group, edit)
}

function change(group: string, edit: (view: View) => Partial<View>): void {
  useView.setState((state) => {
    const view = state.views[group]
    return view ? { views: { ...state.views, [group]: { ...view, ...edit(view) } } } : state
  })
}

const whenMoved = new Set<() => void>()

/** Calls back, within the event, when the crosshair has moved and the views that are linked with it have followed. Returns a function that stops it. */
export function onCursorMove(listener: () => void): () => void {
  whenMoved.add(listener)
  return () => whenMoved.delete(listener)
}

/** Moves the crosshair to the nearest voxel that exists. */
export function moveCursor(group: string, to: Partial<XYZ>): void {
  change(group, (view) => ({ cursor: clampVoxel({ ...view.cursor, ...to }, view.size) }))
  whenMoved.forEach((listener) => listener())
}

export function stepCursor(group: string, axis: Axis, by: number): void {
  const at = useView.getState().views[group]?.cursor[axis]
  if (at !== undefined) moveCursor(group, { [axis]: at + by })
}

/** Moves the picture; the centre stays inside the volume, so that it can't be lost. */
export function panTo(group: string, centre: XYZ): void {
  change(group, (view) => ({ centre: keepInside(centre, view.size), fit: null }))
}

/** Multiplies the zoom, keeping `anchor` where it is on screen. */
export function zoomBy(group: string, factor: number, anchor?: XYZ): void {
  change(group, (view) => {
    const scale = Math.min(scaleLimits.max, Math.max(scaleLimits.min, view.scale * factor))
    const about = anchor ?? view.centre
    return {
      scale,
      centre: keepInside(zoomedCentre(view.centre, about, scale / view.scale), view.size),
      fit: null
    }
  })
}

export function setScale(group: string, scale: number): void {
  change(group, () => ({ scale, fit: null }))
}

/** Keeps a box in view from now on; null box: the whole volume. */
export function fitBox(group: string, box: Box | null): void {
  change(group, (view) => ({ fit: box ?? wholeBox(view.size), framed: box ?? wholeBox(view.size) }))
}

/** Applies the scale that the panes' sizes call for while a fit is on. */
export function applyFit(group: string, scale: number): void {
  change(group, (view) => (view.fit ? { scale, centre: boxMiddle(view.fit) } : {}))
}

function keepInside(point: XYZ, size: XYZ): XYZ {
  const clamp = (axis: Axis): number => Math.min(size[axis], Math.max(0, point[axis]))
  return { x: clamp('x'), y: clamp('y'), z: clamp('z') }
}
