import type { XYZ } from '../../shared/axes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { acrossAxis } from '../geometry/wedgePlane.ts'
import { scaleBar } from '../geometry/scaleBar.ts'
import { viewAxes, type Camera, type Vector } from '../../shared/camera.ts'

/**
 * The unmeasured double wedge as a solid that turns with the camera: directions of Fourier space that no tilt recorded, which is also the
 * way features smear.
 */
export function WedgeGlyph3d({ camera, wedge, x, y }: { camera: Camera; wedge: Wedge; x: number; y: number }) {
  if (wedge.tiltMax - wedge.tiltMin >= 180) return null
  const radius = 24
  const { right, up, back } = viewAxes(camera)
  const across = acrossAxis(wedge)
  const onScreen = (point: XYZ): { x: number; y: number; towards: number } => {
    const along = ([a, b, c]: Vector): number => radius * (point.x * a + point.y * b + point.z * c)
    return { x: along(right), y: -along(up), towards: along(back) }
  }
  const direction = (degrees: number, along: number): XYZ => {
    const angle = (degrees * Math.PI) / 180
    const point: XYZ = { x: 0, y: 0, z: 0 }
    point[across] = Math.cos(angle)
    point[wedge.beamAxis] = Math.sin(angle)
    point[wedge.tiltAxis] = along
    return point
  }
  const faces = [0, 180].flatMap((turn) => {
    const from = wedge.tiltMax + turn
    const to = wedge.tiltMin + 180 + turn
    const rim = Array.from({ length: 9 }, (_, i) => from + ((to - from) * i) / 8)
    const cap = (along: number): XYZ[] =>
      [direction(0, along), ...rim.map((degrees) => direction(degrees, along))].map((point, i) =>
        i === 0 ? { ...point, [across]: 0, [wedge.beamAxis]: 0 } : point
      )
    const half = 0.55
    const [near, far] = [cap(-half), cap(half)]
    const walls = near.map((_, i) => {
      const next = (i + 1) % near.length
      return [near[i], near[next], far[next], far[i]]
    })
    return [near, far, ...walls]
  })
  const drawn = faces
    .map((face) => face.map(onScreen))
    .map((face) => ({ face, towards: face.reduce((sum, point) => sum + point.towards, 0) / face.length }))
    .sort((a, b) => a.towards - b.towards)
  return (
    <g className="wedge-glyph-3d" transform={`translate(${x} ${y})`}>
      <title>
        {`Unmeasured: tilts beyond ${wedge.tiltMin}° and ${wedge.tiltMax}°. Features smear along ${wedge.beamAxis}, into this wedge.`}
      </title>
      <circle className="wedge-ball" r={radius + 4} />
      {drawn.map(({ face }, i) => (
        <path key={i} d={`M${face.map((point) => `${point.x.toFixed(2)} ${point.y.toFixed(2)}`).join('L')}Z`} />
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
