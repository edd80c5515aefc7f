/** WebGL 2 promises this much; what is there is asked for once. */
const leastSide = 256

let side: number | null = null

/** The longest side that a 3-D texture may have here, in texels. Larger blocks come averaged. */
export function longestSide(): number {
  side ??= askedSide()
  return side
}

function askedSide(): number {
  const gl = document.createElement('canvas').getContext('webgl2')
  if (!gl) return leastSide
  const found = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE)) || leastSide
  // A browser has only so many contexts: this one isn't needed any more.
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  return found
}
