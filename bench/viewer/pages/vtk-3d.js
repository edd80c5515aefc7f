/* global document, window, fetch, URLSearchParams, location */
import '@kitware/vtk.js/Rendering/Profiles/All'
import vtkDataArray from '@kitware/vtk.js/Common/Core/DataArray'
import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData'
import vtkPiecewiseFunction from '@kitware/vtk.js/Common/DataModel/PiecewiseFunction'
import vtkColorTransferFunction from '@kitware/vtk.js/Rendering/Core/ColorTransferFunction'
import vtkVolume from '@kitware/vtk.js/Rendering/Core/Volume'
import vtkVolumeMapper from '@kitware/vtk.js/Rendering/Core/VolumeMapper'
import vtkGenericRenderWindow from '@kitware/vtk.js/Rendering/Misc/GenericRenderWindow'

const mode = new URLSearchParams(location.search).get('mode')
const bytes = await (await fetch('/volume.mrc')).arrayBuffer()
const [nx, ny, nz] = new Int32Array(bytes, 0, 3)
const image = vtkImageData.newInstance({ spacing: [1, 1, 1], origin: [0, 0, 0] })
image.setDimensions(nx, ny, nz)
const values = new Int16Array(bytes, 1024)
image.getPointData().setScalars(vtkDataArray.newInstance({ name: 'grey', numberOfComponents: 1, values }))

const mapper = vtkVolumeMapper.newInstance()
mapper.setInputData(image)
// A sample a voxel, and no coarser picture than asked for.
mapper.setSampleDistance(1)
mapper.setImageSampleDistance(1)
mapper.setAutoAdjustSampleDistances(false)
mapper.setMaximumSamplesPerRay(4096)
if (mode === 'maximum') mapper.setBlendModeToMaximumIntensity()
const volume = vtkVolume.newInstance()
volume.setMapper(mapper)
const opacity = vtkPiecewiseFunction.newInstance()
const points =
  mode === 'surface'
    ? [
        [0, 0],
        [490, 0],
        [510, 1],
        [1000, 1]
      ]
    : mode === 'maximum'
      ? [
          [0, 1],
          [1000, 1]
        ]
      : [
          [0, 0],
          [600, 0],
          [850, 0.12],
          [1000, 0.5]
        ]
for (const [value, alpha] of points) opacity.addPoint(value, alpha)
const colours = vtkColorTransferFunction.newInstance()
if (mode === 'surface') colours.addRGBPoint(0, 0.8, 0.8, 0.8)
else {
  colours.addRGBPoint(0, 0, 0, 0)
  colours.addRGBPoint(1000, 1, 1, 1)
}
const property = volume.getProperty()
property.setScalarOpacity(0, opacity)
property.setRGBTransferFunction(0, colours)
property.setScalarOpacityUnitDistance(0, 1)
property.setInterpolationTypeToLinear()
property.setShade(mode !== 'maximum')

const view = vtkGenericRenderWindow.newInstance({ background: [0, 0, 0], listenWindowResize: false })
view.setContainer(document.querySelector('#view'))
view.resize()
const renderer = view.getRenderer()
renderer.addVolume(volume)
const camera = renderer.getActiveCamera()
camera.setParallelProjection(true)
const middle = [(nx - 1) / 2, (ny - 1) / 2, (nz - 1) / 2]
camera.setFocalPoint(...middle)
camera.setParallelScale((1.02 * Math.hypot(nx, ny, nz)) / 2)
camera.setViewUp(0, 1, 0)

window.drawAt = (degrees) => {
  const angle = (degrees * Math.PI) / 180
  const lift = 0.35
  const far = 3 * nx
  camera.setPosition(
    middle[0] + far * Math.sin(angle) * Math.cos(lift),
    middle[1] + far * Math.sin(lift),
    middle[2] + far * Math.cos(angle) * Math.cos(lift)
  )
  renderer.resetCameraClippingRange()
  view.getRenderWindow().render()
}
window.ready = true
