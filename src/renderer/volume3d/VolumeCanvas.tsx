import { Canvas, useFrame, useThree } from '@react-three/fiber'
import { useEffect, useMemo } from 'react'
import { sayFailure } from '../stores/messages.ts'
import { DrawnVolume } from './drawnVolume.ts'
import type { VolumeScene } from './marchingUniforms.ts'

interface VolumeCanvasProps {
  scene: VolumeScene
  moving: boolean
  /** Told when the picture is finished, and when it no longer is. */
  onFinished(finished: boolean): void
}

/** The WebGL canvas of a 3-D pane. */
export function VolumeCanvas(props: VolumeCanvasProps) {
  return (
    <Canvas
      frameloop="demand"
      flat
      linear
      dpr={[1, 2]}
      gl={{ antialias: false, alpha: false, depth: false, stencil: false, powerPreference: 'high-performance' }}
      onCreated={({ gl, invalidate }) => watchContext(gl.domElement, invalidate)}
      fallback={<p className="no-webgl">This window needs WebGL 2 to draw in 3-D.</p>}
    >
      <Drawing {...props} />
    </Canvas>
  )
}

/** After a loss three uploads everything again once the driver gives the memory back. */
function watchContext(canvas: HTMLCanvasElement, redraw: () => void): void {
  canvas.addEventListener('webglcontextlost', () =>
    sayFailure({
      kind: 'job',
      code: 'graphics-lost',
      message: 'The graphics driver stopped drawing the 3-D view; it may have run out of memory.',
      hint: 'It usually comes back by itself. If not, show only the region of interest, or close other programs that draw.'
    })
  )
  canvas.addEventListener('webglcontextrestored', () => redraw())
}

function Drawing({ scene, moving, onFinished }: VolumeCanvasProps) {
  const invalidate = useThree((state) => state.invalidate)
  const drawn = useMemo(() => new DrawnVolume(() => invalidate()), [invalidate])
  useEffect(() => () => drawn.dispose(), [drawn])
  useEffect(() => invalidate(), [invalidate, scene, moving])

  useFrame(({ gl, size }) => {
    const ratio = gl.getPixelRatio()
    const finished = drawn.draw(gl, scene, Math.round(size.width * ratio), Math.round(size.height * ratio), moving)
    onFinished(finished)
    if (!finished && !moving) invalidate()
  }, 1)
  return null
}
