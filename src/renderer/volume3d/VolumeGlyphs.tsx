import type { XYZ } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { wedgeSolid } from '../geometry/wedgeSolid.ts'
import { scaleBar } from '../geometry/scaleBar.ts'
import type { Camera } from '../../shared/camera.ts'

/** The unmeasured double wedge, turning with the camera. */
export function WedgeGlyph3d({ camera, wedge, x, y }: { camera: Camera; wedge: Wedge; x: number; y: number }) {
  const faces = wedgeSolid(camera, wedge)
  if (faces.length === 0) return null
  const radius = 24
  return (
    <g className="wedge-glyph-3d" transform={`translate(${x} ${y})`}>
      <title>
        {`Unmeasured: tilts beyond ${wedge.tiltMin}° and ${wedge.tiltMax}°. Features smear along ${wedge.beamAxis}, into this wedge.`}
      </title>
      <circle className="wedge-ball" r={radius + 4} />
      {faces.map((face, i) => (
        <path
          key={i}
          d={`M${face.map((point) => `${(radius * point.x).toFixed(2)} ${(radius * point.y).toFixed(2)}`).join('L')}Z`}
        />
      ))}
    </g>
  )
}

/** True at the depth of the target; in perspective it says so. */
export function VolumeScaleBar({
  camera,
  height,
  y,
  x,
  voxelSizeAngstrom
}: {
  camera: Camera
  height: number
  x: number
  y: number
  voxelSizeAngstrom: XYZ | null
}) {
  const voxelsPerPixel = camera.height / height
  const bar = scaleBar(voxelSizeAngstrom ? voxelSizeAngstrom.x * voxelsPerPixel : null, voxelsPerPixel, 140)
  if (!bar) return null
  return (
    <g className="scale-bar" data-length={bar.label} data-pixels={bar.pixels}>
      <path className="halo" d={`M${x} ${y}h${bar.pixels}`} />
      <path d={`M${x} ${y}h${bar.pixels}`} />
      <text x={x} y={y - 7}>
        {bar.label}
        {camera.perspective ? ' at the middle' : ''}
      </text>
    </g>
  )
}
