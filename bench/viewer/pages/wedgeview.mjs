// What the bench has to know of wedgeview's own window; runs in the page.
/* global document, window, WheelEvent */
export function installWedgeview({ size }) {
  const picture = () => document.querySelector('[data-picture="xy"]') ?? document.querySelector('[data-picture]')
  window.pictureOnScreen = () => {
    const element = picture()
    const cross = element?.querySelector('.crosshair')
    const label = / z (\d+) of /.exec(` ${element?.getAttribute('aria-label')}`)
    if (!element || !cross || !label) return null
    // The crosshair begins in the middle of the volume; it stands in the middle of a voxel.
    const scale = Number(element.dataset.scale)
    const box = element.getBoundingClientRect()
    const [x, y] = [Math.floor(size.x / 2), Math.floor(size.y / 2)]
    const left = box.left + Number(cross.dataset.x) - (x + 0.5) * scale
    const top = box.top + Number(cross.dataset.y) - (size.y - y - 0.5) * scale
    return { left, top, width: size.x * scale, height: size.y * scale }
  }
  window.stepSlice = (by) => {
    const element = picture()
    const box = element.getBoundingClientRect()
    const [clientX, clientY] = [box.left + box.width / 2, box.top + box.height / 2]
    element.dispatchEvent(
      new WheelEvent('wheel', {
        deltaY: by * window.wheelSign * 100,
        clientX,
        clientY,
        bubbles: true,
        cancelable: true
      })
    )
  }
  window.wheelSign = -1
}
