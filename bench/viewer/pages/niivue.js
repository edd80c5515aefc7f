/* global document, window */
import { Niivue, SLICE_TYPE } from '@niivue/niivue'

const canvas = document.querySelector('canvas')
const viewer = new Niivue({
  backColor: [0, 0, 0, 1],
  crosshairWidth: 0,
  dragAndDropEnabled: false,
  isColorbar: false,
  isOrientationTextVisible: false,
  isResizeCanvas: false,
  isNearestInterpolation: true,
  sliceType: SLICE_TYPE.AXIAL
})
await viewer.attachToCanvas(canvas)
await viewer.loadVolumes([{ url: '/volume.nii', colormap: 'gray', cal_min: -1000, cal_max: 1000 }])

window.pictureOnScreen = () => {
  const place = viewer.screenSlices[0]?.leftTopWidthHeight
  if (!place) return null
  const box = canvas.getBoundingClientRect()
  const scale = box.width / canvas.width
  const [left, top, width, height] = place
  return { left: box.left + left * scale, top: box.top + top * scale, width: width * scale, height: height * scale }
}
window.stepSlice = (by) => viewer.moveCrosshairInVox(0, 0, by)
