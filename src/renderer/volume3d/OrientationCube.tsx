import type { Camera } from '../../shared/camera.ts'
import { cubeDrawing, type CubeArm } from '../geometry/cubeDrawing.ts'
import { editCamera } from '../stores/volumeView.ts'

/** Where the tomogram's axes point, in the corner; a click on a side of the cube looks straight at it. */
export function OrientationCube({ paneId, camera, x, y }: { paneId: string; camera: Camera; x: number; y: number }) {
  const { behind, seen, before } = cubeDrawing(camera)
  const arm = ({ axis, from, to, name }: CubeArm) => (
    <g key={axis} data-axis={axis}>
      <path className="halo" d={`M${rounded(from)}L${rounded(to)}`} />
      <path d={`M${rounded(from)}L${rounded(to)}`} />
      <text x={name[0]} y={name[1] + 4} textAnchor="middle">
        {axis}
      </text>
    </g>
  )
  return (
    <g className="orientation-cube" transform={`translate(${x} ${y})`}>
      {behind.map(arm)}
      {seen.map(({ axis, sign, plane, rotation, corners, middle, isNamed }) => (
        <g
          key={`${axis}${sign}`}
          className="cube-side"
          data-side={`${sign > 0 ? '+' : '-'}${axis}`}
          onPointerDown={(event) => event.stopPropagation()}
          onClick={() => editCamera(paneId, (camera) => ({ ...camera, rotation }))}
        >
          <title>{`Look straight at this side, as at ${plane} slices`}</title>
          <path d={`M${corners.map(rounded).join('L')}Z`} />
          {isNamed && (
            <text x={middle[0]} y={middle[1] + 3} textAnchor="middle">
              {plane}
            </text>
          )}
        </g>
      ))}
      {before.map(arm)}
    </g>
  )
}

function rounded(place: readonly [number, number]): string {
  return place.map((value) => value.toFixed(2)).join(' ')
}
