/** Renderers that draw with the processor: SwiftShader (Chromium), llvmpipe (Mesa), WARP (Windows). */
const software = /swiftshader|llvmpipe|softpipe|software|basic render|warp/i

/** Whether a graphics card draws. Where none does, nothing is drawn in 3-D before somebody asks for it: a frame takes seconds there. */
export function drawsInHardware(): boolean {
  if (typeof document === 'undefined') return false
  const gl = document.createElement('canvas').getContext('webgl2')
  const names = gl?.getExtension('WEBGL_debug_renderer_info')
  const renderer = gl && names ? String(gl.getParameter(names.UNMASKED_RENDERER_WEBGL)) : ''
  // A page may hold sixteen contexts only.
  gl?.getExtension('WEBGL_lose_context')?.loseContext()
  return isHardware(renderer)
}

/** By a renderer's name, as WEBGL_debug_renderer_info tells it; not where it is kept secret. */
export function isHardware(renderer: string): boolean {
  return renderer !== '' && !software.test(renderer)
}
