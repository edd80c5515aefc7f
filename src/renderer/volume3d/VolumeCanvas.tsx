import { Canvas, useFrame, useThree } from '@react-three/fiber'
import { useEffect, useMemo } from 'react'
import { DrawnVolume } from './drawnVolume.ts'
import type { VolumeScene } from './marchingUniforms.ts'

interface VolumeCanvasProps {
  scene: VolumeScene
  moving: boolean
  /** Told after every frame which volume was drawn, and whether the picture is finished. */
  onDrawn(volumeId: string, isFinished: boolean): void
  /** The context was lost, or what is to be drawn had no room on the graphics card. */
  onLost(): void
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
      fallback={<p className="no-webgl">This window needs WebGL 2 to draw in 3-D.</p>}
    >
      <Drawing {...props} />
    </Canvas>
  )
}

function Drawing({ scene, moving, onDrawn, onLost }: VolumeCanvasProps) {
  const { invalidate, gl } = useThree()
  const drawn = useMemo(() => new DrawnVolume(() => invalidate()), [invalidate])
  useEffect(() => () => drawn.dispose(), [drawn])
  useEffect(() => invalidate(), [invalidate, scene, moving, onDrawn])

  // After a loss three sends everything again once the driver gives the memory back; what had been drawn is gone.
  useEffect(() => {
    const canvas = gl.domElement
    const onContextLost = (): void => {
      // A pane that closes gives its context up on purpose.
      if (!canvas.isConnected) return
      onDrawn('', false)
      onLost()
    }
    const onRestored = (): void => {
      drawn.forget()
      invalidate()
    }
    canvas.addEventListener('webglcontextlost', onContextLost)
    canvas.addEventListener('webglcontextrestored', onRestored)
    return () => {
      canvas.removeEventListener('webglcontextlost', onContextLost)
      canvas.removeEventListener('webglcontextrestored', onRestored)
    }
  }, [gl, drawn, invalidate, onDrawn, onLost])

  useFrame(({ gl, size }) => {
    if (gl.getContext().isContextLost()) return
    const ratio = gl.getPixelRatio()
    const finished = drawn.draw(gl, scene, Math.round(size.width * ratio), Math.round(size.height * ratio), moving)
    if (drawn.lacksRoom) {
      onLost()
      return
    }
    onDrawn(scene.block.volumeId, finished)
    if (!finished && !moving) invalidate()
  }, 1)
  return null
}
