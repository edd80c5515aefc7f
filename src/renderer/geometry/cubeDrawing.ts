import type { Axis } from '../../shared/axes.ts'
import { standardViews, turned, viewAxes, type Camera, type Rotation, type Vector } from '../../shared/camera.ts'

/** Half of the cube's side, in the drawing's units. */
const half = 13
const numberOf: Readonly<Record<Axis, 0 | 1 | 2>> = { x: 0, y: 1, z: 2 }
const axes: readonly Axis[] = ['x', 'y', 'z']

/** To the right and down. */
type Place = readonly [x: number, y: number]

/** A side of the cube: the slices it is parallel to, and how one looks straight at it. */
export interface Side {
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

/** A side that faces the viewer. */
export interface SeenSide extends Side {
  corners: Place[]
  middle: Place
  /** Seen straight enough for its name to be read. */
  isNamed: boolean
}

/** What sticks out of the cube along an axis. */
export interface CubeArm {
  axis: Axis
  from: Place
  to: Place
  /** Where the axis's name goes. */
  name: Place
}

/** The orientation cube as a camera sees it: arms behind the cube, its sides, arms before it; 26 units a side, around its middle. */
export function cubeDrawing(camera: Pick<Camera, 'rotation'>): {
  behind: CubeArm[]
  seen: SeenSide[]
  before: CubeArm[]
} {
  const { right, up, back } = viewAxes(camera)
  const onScreen = ([a, b, c]: Vector): Place => [
    a * right[0] + b * right[1] + c * right[2],
    -(a * up[0] + b * up[1] + c * up[2])
  ]
  // Along the three edges from the cube's low corner, as far as they stick out: over no side's name.
  const arms = axes.map((axis) => {
    const along = (length: number): Place => {
      const point: [number, number, number] = [-half, -half, -half]
      point[numberOf[axis]] = length
      return onScreen(point)
    }
    return { axis, from: along(half), to: along(half + 12), name: along(half + 19) }
  })
  const towards = ({ axis }: CubeArm): number => back[numberOf[axis]]
  return {
    behind: arms.filter((arm) => towards(arm) <= 0),
    seen: sides.flatMap((side) => {
      const facing = side.sign * back[numberOf[side.axis]]
      if (facing <= 0.02) return []
      const middle: [number, number, number] = [0, 0, 0]
      middle[numberOf[side.axis]] = side.sign * half
      return [{ ...side, corners: cornersOf(side).map(onScreen), middle: onScreen(middle), isNamed: facing > 0.45 }]
    }),
    before: arms.filter((arm) => towards(arm) > 0)
  }
}

/** In order round the side. */
function cornersOf({ axis, sign }: Side): Vector[] {
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
