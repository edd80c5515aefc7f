/* global document, window, URLSearchParams, location */
import { Niivue, SLICE_TYPE } from '@niivue/niivue'

const mode = new URLSearchParams(location.search).get('mode')
const canvas = document.querySelector('canvas')
const viewer = new Niivue({
  backColor: [0, 0, 0, 1],
  dragAndDropEnabled: false,
  isColorbar: false,
  isOrientationTextVisible: false,
  isResizeCanvas: false,
  show3Dcrosshair: false,
  isOrientCube: false,
  sliceType: SLICE_TYPE.RENDER
})
await viewer.attachToCanvas(canvas)
// niivue reads opacity from its colour maps, by 64ths.
const points =
  mode === 'surface'
    ? [
        [0, 0],
        [0.49, 0],
        [0.51, 1],
        [1, 1]
      ]
    : [
        [0, 0],
        [0.6, 0],
        [0.85, 0.12],
        [1, 0.5]
      ]
const I = points.map(([share]) => Math.round(255 * share))
const grey = mode === 'surface' ? I.map(() => 200) : I
viewer.addColormap('bench', { R: grey, G: grey, B: grey, A: points.map(([, opacity]) => Math.round(255 * opacity)), I })
await viewer.loadVolumes([{ url: '/volume.nii', colormap: 'bench', cal_min: 0, cal_max: 1000 }])
await viewer.setVolumeRenderIllumination(0.6)
// As large on screen as in the others.
viewer.setScale(0.78)

window.drawAt = (degrees) => viewer.setRenderAzimuthElevation(degrees, 20)
window.ready = true
