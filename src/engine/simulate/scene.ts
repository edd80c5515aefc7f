import type { XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { Canvas, type Drawn } from './canvas.ts'
import { extentAngstrom, volumeCubicAngstrom, type Frame } from './frame.ts'
import { drawObject, templateOf } from './objects/draw.ts'
import { Occupancy } from './occupancy.ts'
import { between, createRandom, roundedAtRandom, type Random } from './random.ts'
import { contentKinds, poseOf, type ContentKind, type PlacedObject, type Recipe } from './recipe.ts'
import { randomRotation, rotationMatrix, turned } from './rotation.ts'
import { macromoleculeNames, type Templates } from './template.ts'

/** How many of each kind; null leaves the number to the program. What is not listed is not placed. */
export type Contents = ReadonlyMap<ContentKind, number | null>

export interface Scene {
  /** The phantom: sum of all objects, (z, y, x), x fastest; the mean inside a protein is 1, ice is 0. */
  readonly truth: Float32Array
  readonly objects: readonly PlacedObject[]
  readonly contents: Recipe['contents']
}

/** What is left to the program: mean numbers in a box of 64^3 voxels of 10 angstrom, and how they grow with the box's side. */
const expected: Readonly<Record<Exclude<ContentKind, 'macromolecules'>, { number: number; power: number }>> = {
  sheets: { number: 0.3, power: 1 },
  microtubules: { number: 0.4, power: 2 },
  filaments: { number: 0.7, power: 2 },
  vesicles: { number: 0.5, power: 3 },
  'gold-beads': { number: 0.5, power: 3 }
}
const referenceSideAngstrom = 640
/** Macromolecules are added until objects fill this share of the box, or none fits any more. */
const wantedFraction = 0.12

/** Positions tried for one object. Drawing large ones takes long; macromolecules are tested by their points first. */
const tries = 30
const macromoleculeTries = 300

export interface SceneHooks {
  /** Called between objects; may wait, and may throw to stop. */
  beforeObject: (placed: number) => Promise<void>
}

/**
 * Places objects at random, none overlapping another, large ones first. Every rotation is uniform over SO(3), every position
 * uniform over the box; objects may be cut by its faces.
 *
 * @throws {WedgeviewError} input / nothing-fits
 */
export async function makeScene(
  frame: Frame,
  contents: Contents,
  templates: Templates,
  seed: number,
  { beforeObject }: SceneHooks
): Promise<Scene> {
  const random = createRandom(seed, 'scene')
  const canvas = new Canvas(frame)
  const occupancy = new Occupancy(frame)
  const truth = new Float32Array(frame.size.x * frame.size.y * frame.size.z)
  const objects: PlacedObject[] = []
  const report: Scene['contents'] = []

  const place = async (propose: () => PlacedObject, mayFit: (object: PlacedObject) => boolean, attempts: number) => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const object = propose()
      if (!mayFit(object)) continue
      await beforeObject(objects.length)
      const drawn = drawObject(canvas, object, templates)
      // An object that lies outside, or shows a corner only, is no object.
      if (drawn.indices.length < 8 || !occupancy.isFree(drawn)) continue
      occupancy.take(drawn)
      addTo(truth, drawn)
      objects.push(object)
      return true
    }
    return false
  }

  for (const kind of contentKinds) {
    const asked = contents.get(kind)
    if (asked === undefined) continue
    const before = objects.length
    if (kind === 'macromolecules') {
      const wanted = (placed: number): boolean =>
        asked === null ? placed === 0 || occupancy.filledFraction < wantedFraction : placed < asked
      const mayFit = (object: PlacedObject): boolean => pointsAreFree(object, occupancy, templates)
      while (wanted(objects.length - before))
        if (!(await place(() => proposal(kind, frame, random), mayFit, macromoleculeTries))) break
    } else {
      const { number, power } = expected[kind]
      const scale = (Math.cbrt(volumeCubicAngstrom(frame)) / referenceSideAngstrom) ** power
      const wanted = asked ?? roundedAtRandom(random, number * scale)
      while (objects.length - before < wanted)
        if (
          !(await place(
            () => proposal(kind, frame, random),
            () => true,
            tries
          ))
        )
          break
    }
    report.push({ kind, asked, placed: objects.length - before })
  }
  if (objects.length === 0) throw nothingFits(frame, contents)
  return { truth, objects, contents: report }
}

/** An object of a kind somewhere in the box. Draws the same count of numbers for every object of a kind. */
function proposal(kind: ContentKind, frame: Frame, random: Random): PlacedObject {
  const extent = extentAngstrom(frame)
  const position: XYZ = { x: extent.x * random(), y: extent.y * random(), z: extent.z * random() }
  const pose = poseOf(position, frame.voxelSizeAngstrom, randomRotation(random))
  switch (kind) {
    case 'macromolecules': {
      const template = macromoleculeNames[Math.floor(random() * macromoleculeNames.length)]
      return { kind: 'macromolecule', template, ...pose }
    }
    case 'vesicles': {
      const radius = between(random, 150, 350)
      const radiiAngstrom = { x: radius, y: radius * between(random, 0.8, 1), z: radius * between(random, 0.8, 1) }
      return { kind: 'vesicle', radiiAngstrom, ...pose }
    }
    case 'sheets':
      return {
        kind: 'sheet',
        waveHeightAngstrom: between(random, 0, 40),
        waveLengthAngstrom: between(random, 600, 1200),
        wavePhase: between(random, 0, 2 * Math.PI),
        ...pose
      }
    case 'microtubules':
      return { kind: 'microtubule', protofilaments: 13, ...pose }
    case 'filaments':
      return { kind: 'filament', ...pose }
    case 'gold-beads':
      return { kind: 'gold-bead', radiusAngstrom: between(random, 25, 50), ...pose }
  }
}

/** Quick test before a macromolecule is drawn: every fourth point inside it. */
function pointsAreFree(object: PlacedObject, occupancy: Occupancy, templates: Templates): boolean {
  if (object.kind !== 'macromolecule') return true
  const { insideAngstrom: points } = templateOf(templates, object.template)
  const { angstrom } = object.position
  const matrix = rotationMatrix(object.rotation.quaternion)
  for (let n = 0; n + 2 < points.length; n += 12) {
    const { x, y, z } = turned(matrix, { x: points[n], y: points[n + 1], z: points[n + 2] })
    if (!occupancy.isFreeAt(angstrom.x + x, angstrom.y + y, angstrom.z + z)) return false
  }
  return true
}

function addTo(truth: Float32Array, { indices, values }: Drawn): void {
  for (let n = 0; n < indices.length; n++) truth[indices[n]] += values[n]
}

function nothingFits({ size, voxelSizeAngstrom }: Frame, contents: Contents): WedgeviewError {
  return new WedgeviewError(
    'input',
    'nothing-fits',
    `Nothing of ${[...contents.keys()].join(', ') || 'nothing'} was placed in a box of ${size.x} x ${size.y} x ${size.z} ` +
      `voxels of ${voxelSizeAngstrom} Å.`,
    'Choose a larger --size, other --contents, numbers above 0, or another --seed.'
  )
}
