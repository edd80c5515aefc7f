import type { Axis } from '../../shared/axes.ts'
import { standardViews, turned, viewAxes, type Camera, type Rotation, type Vector } from '../../shared/camera.ts'
import { editCamera } from '../stores/volumeView.ts'

const half = 13
const numberOf: Readonly<Record<Axis, 0 | 1 | 2>> = { x: 0, y: 1, z: 2 }
const axes: readonly Axis[] = ['x', 'y', 'z']

/** A side of the cube: the slices it is parallel to, and how one looks straight at it. */
interface Side {
  axis: Axis
  sign: 1 | -1
  plane: string
  rotation: Rotation
}

/** Each standard view looks at one side; turned half round its vertical, at the opposite one. */
export const sides: readonly Side[] = [
  { axis: 'z', plane: 'XY', rotation: standardViews.front } as const,
  { axis: 'y', plane: 'XZ', rotation: standardViews.top } as const,
  { axis: 'x', plane: 'YZ', rotation: standardViews.side } as const
].flatMap(({ axis, plane, rotation }) => {
  const still: Camera = { rotation, target: { x: 0, y: 0, z: 0 }, height: 1, perspective: false }
  const sign = viewAxes(still).back[numberOf[axis]] > 0 ? 1 : -1
  return [
    { axis, plane, rotation, sign } as const,
    { axis, plane, rotation: turned(still, 1, 0, 1).rotation, sign: sign === 1 ? -1 : 1 } as const
  ]
})

/** Where the tomogram's axes point, in the corner; a click on a side of the cube looks straight at it. */
export function OrientationCube({ paneId, camera, x, y }: { paneId: string; camera: Camera; x: number; y: number }) {
  const { right, up, back } = viewAxes(camera)
  const onScreen = ([a, b, c]: Vector): [number, number] => [
    a * right[0] + b * right[1] + c * right[2],
    -(a * up[0] + b * up[1] + c * up[2])
  ]
  // Along the three edges from the cube's low corner, as far as they stick out: over no side's name.
  const arms = axes.map((axis) => {
    const along = (length: number): [number, number] => {
      const point: [number, number, number] = [-half, -half, -half]
      point[numberOf[axis]] = length
      return onScreen(point)
    }
    return { axis, from: along(half), to: along(half + 12), name: along(half + 19), towards: back[numberOf[axis]] }
  })
  const seen = sides.filter(({ axis, sign }) => sign * back[numberOf[axis]] > 0.02)
  const arm = ({ axis, from, to, name }: (typeof arms)[number]) => (
    <g key={axis} data-axis={axis}>
      <path className="halo" d={`M${from.map(rounded).join(' ')}L${to.map(rounded).join(' ')}`} />
      <path d={`M${from.map(rounded).join(' ')}L${to.map(rounded).join(' ')}`} />
      <text x={name[0]} y={name[1] + 4} textAnchor="middle">
        {axis}
      </text>
    </g>
  )
  return (
    <g className="orientation-cube" transform={`translate(${x} ${y})`}>
      {arms.filter(({ towards }) => towards <= 0).map(arm)}
      {seen.map(({ axis, sign, plane, rotation }) => {
        const facing = sign * back[numberOf[axis]]
        const [right, down] = onScreen(unit(axis, sign * half))
        return (
          <g
            key={`${axis}${sign}`}
            className="cube-side"
            data-side={`${sign > 0 ? '+' : '-'}${axis}`}
            onPointerDown={(event) => event.stopPropagation()}
            onClick={() => editCamera(paneId, (before) => ({ ...before, rotation }))}
          >
            <title>{`Look straight at this side, as at ${plane} slices`}</title>
            <path
              d={`M${corners(axis, sign)
                .map((corner) => onScreen(corner).map(rounded).join(' '))
                .join('L')}Z`}
            />
            {facing > 0.45 && (
              <text x={right} y={down + 3} textAnchor="middle">
                {plane}
              </text>
            )}
          </g>
        )
      })}
      {arms.filter(({ towards }) => towards > 0).map(arm)}
    </g>
  )
}

function unit(axis: Axis, length: number): Vector {
  const out: [number, number, number] = [0, 0, 0]
  out[numberOf[axis]] = length
  return out
}

/** Of a side, in order round it. */
function corners(axis: Axis, sign: 1 | -1): Vector[] {
  const [a, b] = axes.filter((other) => other !== axis)
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1]
  ].map(([i, j]) => {
    const out: [number, number, number] = [0, 0, 0]
    out[numberOf[axis]] = sign * half
    out[numberOf[a]] = i * half
    out[numberOf[b]] = j * half
    return out
  })
}

function rounded(value: number): string {
  return value.toFixed(2)
}
