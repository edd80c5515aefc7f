import { describe, expect, it } from 'vitest'
import { fromRoot } from '../../../../project-paths.ts'
import { Canvas, type Drawn } from '../canvas.ts'
import type { Frame } from '../frame.ts'
import { createRandom } from '../random.ts'
import { poseOf, type PlacedObject } from '../recipe.ts'
import { composed, identityRotation, randomRotation, rotationMatrix, turned, type Quaternion } from '../rotation.ts'
import { loadTemplates, type Templates } from '../template.ts'
import { drawObject } from './draw.ts'

const folder = fromRoot('./resources/templates')
const none: Templates = new Map()

function draw(frame: Frame, object: PlacedObject, templates: Templates = none): Drawn {
  return drawObject(new Canvas(frame), object, templates)
}

function cube(side: number, voxelSizeAngstrom = 10): Frame {
  return { size: { x: side, y: side, z: side }, voxelSizeAngstrom }
}

/** Total density times the voxel's volume, in cubic angstrom. */
function mass({ values }: Drawn, { voxelSizeAngstrom: voxel }: Frame): number {
  return values.reduce((sum, value) => sum + value, 0) * voxel ** 3
}

describe('rotations', () => {
  it('are uniform over SO(3): moments of the matrix, and the angle’s distribution', () => {
    const random = createRandom(1, 'scene')
    const count = 20_000
    let [first, square, below] = [0, 0, 0]
    for (let i = 0; i < count; i++) {
      const matrix = rotationMatrix(randomRotation(random))
      first += matrix[0].z
      square += matrix[1].x ** 2
      const angle = Math.acos(Math.min(1, Math.max(-1, (matrix[0].x + matrix[1].y + matrix[2].z - 1) / 2)))
      if (angle < Math.PI / 2) below++
    }
    // Of Haar's measure: E R_ij = 0, E R_ij^2 = 1/3, P(angle < a) = (a - sin a) / pi.
    expect(Math.abs(first / count)).toBeLessThan(4 * Math.sqrt(1 / 3 / count))
    expect(Math.abs(square / count - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / count))
    const expected = (Math.PI / 2 - 1) / Math.PI
    expect(Math.abs(below / count - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / count))
  })

  it('compose as their matrices do', () => {
    const random = createRandom(2, 'scene')
    const [a, b] = [randomRotation(random), randomRotation(random)]
    const vector = { x: 1, y: -2, z: 0.5 }
    const together = turned(rotationMatrix(composed(a, b)), vector)
    const oneByOne = turned(rotationMatrix(a), turned(rotationMatrix(b), vector))
    for (const axis of ['x', 'y', 'z'] as const) expect(together[axis]).toBeCloseTo(oneByOne[axis], 12)
  })
})

describe('macromolecules', () => {
  it('keep their mass and their centre, however they are turned and whatever the voxel', async () => {
    const random = createRandom(3, 'scene')
    const masses: number[] = []
    for (const frame of [cube(48), cube(48), cube(80, 6)]) {
      const templates = await loadTemplates(folder, ['ribosome-4v4r-10A'], frame)
      const middle = (frame.size.x * frame.voxelSizeAngstrom) / 2
      const centre = { x: middle + 3, y: middle - 4, z: middle + 1 }
      const pose = poseOf(centre, frame.voxelSizeAngstrom, randomRotation(random))
      const drawn = draw(frame, { kind: 'macromolecule', template: 'ribosome-4v4r-10A', ...pose }, templates)
      masses.push(mass(drawn, frame))
      const found = centreOf(drawn, frame)
      for (const axis of ['x', 'y', 'z'] as const) expect(Math.abs(found[axis] - centre[axis])).toBeLessThan(3)
    }
    expect(masses[1] / masses[0]).toBeCloseTo(1, 1)
    expect(masses[2] / masses[0]).toBeCloseTo(1, 1)
    // A ribosome of 2.5 to 3.5 MDa at 1.21 cubic angstrom a dalton.
    expect(masses[0]).toBeGreaterThan(1.5e6)
    expect(masses[0]).toBeLessThan(5e6)
  })

  it('turn the way the recipe says', async () => {
    const frame = cube(48)
    const templates = await loadTemplates(folder, ['mitoribosome-5mrc-10A'], frame)
    const centre = { x: 240, y: 240, z: 240 }
    const at = (rotation: Quaternion): Float32Array => {
      const object = {
        kind: 'macromolecule',
        template: 'mitoribosome-5mrc-10A',
        ...poseOf(centre, 10, rotation)
      } as const
      const { indices, values } = draw(frame, object, templates)
      const volume = new Float32Array(48 ** 3)
      indices.forEach((index, n) => (volume[index] = values[n]))
      return volume
    }
    const still = at(identityRotation)
    // A quarter turn about z takes x to y: voxel (24 + a, 24 + b) to (24 - b, 24 + a).
    const quarter = at({ w: Math.SQRT1_2, x: 0, y: 0, z: Math.SQRT1_2 })
    let largest = 0
    for (let z = 4; z < 44; z++)
      for (let b = -20; b < 20; b++)
        for (let a = -20; a < 20; a++) {
          const from = still[(z * 48 + 24 + b) * 48 + 24 + a]
          const to = quarter[(z * 48 + 24 + a) * 48 + 24 - b]
          largest = Math.max(largest, Math.abs(from - to))
        }
    expect(largest).toBeLessThan(1e-5)
    expect(Math.max(...still)).toBeGreaterThan(1)
  })
})

describe('membranes', () => {
  // Two leaflets of density 0.8 and SD 6 angstrom.
  const perArea = 2 * 0.8 * 6 * Math.sqrt(2 * Math.PI)

  it('weigh what their area does', () => {
    const frame = cube(72)
    const radii = { x: 250, y: 250, z: 250 }
    const sphere = draw(frame, { kind: 'vesicle', radiiAngstrom: radii, ...poseOf({ x: 355, y: 352, z: 358 }, 10) })
    // Leaflets at R +- 20: 4 pi ((R + 20)^2 + (R - 20)^2) / 2, and the profile's own second moment.
    const area = 4 * Math.PI * (250 ** 2 + 20 ** 2 + 6 ** 2 + 4 ** 2)
    expect(mass(sphere, frame) / (area * perArea)).toBeCloseTo(1, 2)
    const flat = { kind: 'sheet', waveHeightAngstrom: 0, waveLengthAngstrom: 800, wavePhase: 0 } as const
    const sheet = draw(frame, { ...flat, ...poseOf({ x: 0, y: 0, z: 355 }, 10) })
    expect(mass(sheet, frame) / (720 * 720 * perArea)).toBeCloseTo(1, 2)
  })

  it('show two leaflets 4 nm apart', () => {
    const frame = cube(32, 5)
    const flat = { kind: 'sheet', waveHeightAngstrom: 0, waveLengthAngstrom: 800, wavePhase: 0 } as const
    const { indices, values } = draw(frame, { ...flat, ...poseOf({ x: 0, y: 0, z: 80 }, 5) })
    const profile = new Float32Array(32)
    indices.forEach((index, n) => {
      if (index % (32 * 32) === 0) profile[index / (32 * 32)] = values[n]
    })
    expect(profile.indexOf(Math.max(...profile.subarray(0, 16)))).toBe(12)
    expect(profile[20]).toBeCloseTo(profile[12], 5)
    expect(profile[16]).toBeLessThan(0.1 * profile[12])
  })
})

describe('microtubules', () => {
  it('have thirteen protofilaments of one monomer every 4.06 nm, at the lattice’s radius', async () => {
    const frame: Frame = { size: { x: 80, y: 80, z: 61 }, voxelSizeAngstrom: 5 }
    const templates = await loadTemplates(folder, ['beta-tubulin-5.14A'], frame)
    const tubulin = templates.get('beta-tubulin-5.14A')
    const drawn = draw(
      frame,
      { kind: 'microtubule', protofilaments: 13, ...poseOf({ x: 200, y: 200, z: 150 }, 5) },
      templates
    )
    const monomer = (tubulin?.values.reduce((sum, value) => sum + value, 0) ?? 0) * 5.14394 ** 3
    const length = 61 * 5
    expect(mass(drawn, frame) / ((13 * monomer * length) / 40.6)).toBeCloseTo(1, 1)
    let [weight, radius] = [0, 0]
    const angular = new Float64Array(40)
    const imaginary = new Float64Array(40)
    drawn.indices.forEach((index, n) => {
      const x = (index % 80) * 5 - 200
      const y = (Math.floor(index / 80) % 80) * 5 - 200
      const value = drawn.values[n]
      weight += value
      radius += value * Math.hypot(x, y)
      for (let m = 0; m < 40; m++) {
        angular[m] += value * Math.cos(m * Math.atan2(y, x))
        imaginary[m] += value * Math.sin(m * Math.atan2(y, x))
      }
    })
    expect(Math.abs(radius / weight - 111)).toBeLessThan(4)
    const harmonics = Array.from(angular, (value, m) => Math.hypot(value, imaginary[m]) / weight)
    expect(harmonics[13]).toBeGreaterThan(0.2)
    for (let m = 1; m < 26; m++) if (m !== 13) expect(harmonics[m]).toBeLessThan(0.1 * harmonics[13])
  })
})

describe('gold beads', () => {
  it('are balls of the stated radius', () => {
    const frame = cube(24)
    const bead = draw(frame, { kind: 'gold-bead', radiusAngstrom: 50, ...poseOf({ x: 120, y: 120, z: 120 }, 10) })
    expect(mass(bead, frame) / (5 * (4 / 3) * Math.PI * 50 ** 3)).toBeCloseTo(1, 1)
  })
})

describe('filaments', () => {
  it('have a subunit every 2.75 nm', () => {
    const frame = cube(64)
    const filament = draw(frame, { kind: 'filament', ...poseOf({ x: 320, y: 320, z: 320 }, 10) })
    const subunit = (2 * Math.PI * 14 ** 2) ** 1.5
    expect(mass(filament, frame) / ((subunit * 640) / 27.5)).toBeCloseTo(1, 1)
  })
})

function centreOf(
  { indices, values }: Drawn,
  { size, voxelSizeAngstrom: voxel }: Frame
): {
  x: number
  y: number
  z: number
} {
  const sum = { x: 0, y: 0, z: 0, weight: 0 }
  indices.forEach((index, n) => {
    sum.x += values[n] * (index % size.x)
    sum.y += values[n] * (Math.floor(index / size.x) % size.y)
    sum.z += values[n] * Math.floor(index / (size.x * size.y))
    sum.weight += values[n]
  })
  const scale = voxel / sum.weight
  return { x: sum.x * scale, y: sum.y * scale, z: sum.z * scale }
}
