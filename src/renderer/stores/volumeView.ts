import { create } from 'zustand'
import type { Axis } from '../../shared/axes.ts'
import type { ColourMapName } from '../../shared/figure.ts'
import { standardViews, type Camera } from '../../shared/camera.ts'
import { defaultOpacity, type OpacityPoint } from '../../shared/default-opacity.ts'

export type VolumeMode = 'maximum' | 'average' | 'direct' | 'surface' | 'crossing'

export const volumeModes: Readonly<Record<VolumeMode, string>> = {
  maximum: 'Maximum',
  average: 'Average',
  direct: 'Volume',
  surface: 'Isosurface',
  crossing: 'Probable surface'
}

/** How a 3-D pane draws. Shares run from 0 to 1 along the block. */
export interface VolumeLook {
  mode: VolumeMode
  /** Which end of the grey scale is dense; null: as the voxels' distribution says. */
  denseIsDark: boolean | null
  /** Grey value of the isosurface; null: a first guess from the voxels. */
  level: number | null
  opacity: readonly OpacityPoint[]
  colourMap: ColourMapName
  /** Map that colours the surface (SD, wedge share), or null. */
  tintId: string | null
  background: 'window' | 'black' | 'white' | 'gradient'
  /** How much the far side fades, 0 to 1. */
  depthCue: number
  clip: Readonly<Record<Axis, readonly [number, number]>>
  /** Share of the depth that is cut away from the front, parallel to the screen. */
  cutFront: number
  slices: Readonly<Record<Axis, boolean>>
  /** Only the region of interest, in full resolution. */
  regionOnly: boolean
  /** Automatic: as many voxels as a picture can show, averaged where there are more; full: each of them. */
  detail: 'automatic' | 'full'
  /** The unmeasured double wedge around the crosshair. */
  cone: boolean
}

export const defaultLook: VolumeLook = {
  mode: 'surface',
  denseIsDark: null,
  level: null,
  opacity: defaultOpacity,
  colourMap: 'grey',
  tintId: null,
  background: 'window',
  depthCue: 0.35,
  clip: { x: [0, 1], y: [0, 1], z: [0, 1] },
  cutFront: 0,
  slices: { x: false, y: false, z: false },
  regionOnly: false,
  detail: 'automatic',
  cone: false
}

interface VolumeViewState {
  /** By pane. */
  looks: Readonly<Record<string, VolumeLook>>
  /** By pane; absent until the pane has been fitted. */
  cameras: Readonly<Record<string, Camera>>
  /** Views saved by a person, by name. */
  saved: Readonly<Record<string, Camera>>
  /** The pane last pointed at or focused. */
  lastPane: string | null
  /** The pane whose camera is being moved: it is drawn coarser. */
  moving: string | null
}

export const useVolumeView = create<VolumeViewState>()(() => ({
  looks: {},
  cameras: {},
  saved: {},
  lastPane: null,
  moving: null
}))

export const firstCamera: Camera = {
  rotation: standardViews.corner,
  target: { x: 0, y: 0, z: 0 },
  height: 1,
  perspective: false
}

export function lookOf(state: Pick<VolumeViewState, 'looks'>, paneId: string): VolumeLook {
  return state.looks[paneId] ?? defaultLook
}

export function editLook(paneId: string, edit: Partial<VolumeLook>): void {
  useVolumeView.setState((state) => ({ looks: { ...state.looks, [paneId]: { ...lookOf(state, paneId), ...edit } } }))
}

export function setCamera(paneId: string, camera: Camera): void {
  useVolumeView.setState((state) => ({ cameras: { ...state.cameras, [paneId]: camera } }))
}

export function editCamera(paneId: string, edit: (camera: Camera) => Camera): void {
  const camera = useVolumeView.getState().cameras[paneId]
  if (camera) setCamera(paneId, edit(camera))
}

export function setMoving(paneId: string | null): void {
  if (useVolumeView.getState().moving !== paneId) useVolumeView.setState({ moving: paneId })
}

export function saveView(name: string, camera: Camera): void {
  useVolumeView.setState((state) => ({ saved: { ...state.saved, [name]: camera } }))
}

/** The 3-D pane that is looked at, whichever other panes are pointed at since. */
export function lookAtPane(paneId: string): void {
  if (useVolumeView.getState().lastPane !== paneId) useVolumeView.setState({ lastPane: paneId })
}
