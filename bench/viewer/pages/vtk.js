/* global document, window, fetch */
import '@kitware/vtk.js/Rendering/Profiles/All'
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray'
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData'
import vtkImageMapper from '@kitware/vtk.js/Rendering/Core/ImageMapper'
import vtkImageSlice from '@kitware/vtk.js/Rendering/Core/ImageSlice'
import vtkGenericRenderWindow from '@kitware/vtk.js/Rendering/Misc/GenericRenderWindow'

// vtk.js has no reader for MRC: this one knows the bench's own file, and costs nothing.
const bytes = await (await fetch('/volume.mrc')).arrayBuffer()
const [nx, ny, nz] = new Int32Array(bytes, 0, 3)
const image = vtkImageData.newInstance({ spacing: [1, 1, 1], origin: [0, 0, 0] })
image.setDimensions(nx, ny, nz)
const values = new Int16Array(bytes, 1024)
image.getPointData().setScalars(vtkDataArray.newInstance({ name: 'grey', numberOfComponents: 1, values }))

const mapper = vtkImageMapper.newInstance()
mapper.setInputData(image)
mapper.setSlicingMode(vtkImageMapper.SlicingMode.K)
mapper.setSlice(nz >> 1)
const actor = vtkImageSlice.newInstance()
actor.setMapper(mapper)
actor.getProperty().setColorWindow(2000)
actor.getProperty().setColorLevel(0)
actor.getProperty().setInterpolationTypeToNearest()

const container = document.querySelector('#view')
const view = vtkGenericRenderWindow.newInstance({ background: [0, 0, 0], listenWindowResize: false })
view.setContainer(container)
view.resize()
const renderer = view.getRenderer()
renderer.addActor(actor)
const camera = renderer.getActiveCamera()
camera.setParallelProjection(true)
camera.setFocalPoint((nx - 1) / 2, (ny - 1) / 2, nz >> 1)
camera.setPosition((nx - 1) / 2, (ny - 1) / 2, (nz >> 1) + 4 * nz)
camera.setViewUp(0, 1, 0)
camera.setParallelScale(ny / 2)
const draw = () => {
  renderer.resetCameraClippingRange()
  view.getRenderWindow().render()
}
draw()

// The slice is a square as high as the view, in its middle.
window.pictureOnScreen = () => {
  const box = document.querySelector('canvas').getBoundingClientRect()
  const side = Math.min(box.width, box.height)
  return { left: box.left + (box.width - side) / 2, top: box.top + (box.height - side) / 2, width: side, height: side }
}
window.stepSlice = (by) => {
  mapper.setSlice(mapper.getSlice() + by)
  draw()
}
