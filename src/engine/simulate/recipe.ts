import { z } from 'zod'
import { xyzSchema, type XYZ } from '../../shared/axes.ts'
import { wedgeSchema } from '../../shared/wedge.ts'
import { identityRotation, rotationMatrix, type Matrix3, type Quaternion } from './rotation.ts'
import { macromoleculeNames } from './template.ts'

/** What a phantom may hold. */
export const contentKinds = ['sheets', 'vesicles', 'microtubules', 'filaments', 'gold-beads', 'macromolecules'] as const
export type ContentKind = (typeof contentKinds)[number]

const quaternionSchema = z.object({ w: z.number(), x: z.number(), y: z.number(), z: z.number() })

/**
 * Where an object is and how it is turned. Position: in voxels from the first one's centre, and in angstrom. Rotation: takes the object's
 * own axes to the volume's, as a unit quaternion and as rows of a matrix that acts on columns (x, y, z).
 */
const poseShape = {
  position: z.object({ voxels: xyzSchema, angstrom: xyzSchema }),
  rotation: z.object({ quaternion: quaternionSchema, matrix: z.array(z.array(z.number())) })
}

export const placedObjectSchema = z.discriminatedUnion('kind', [
  /** Position: the density's centre of mass. */
  z.object({ kind: z.literal('macromolecule'), template: z.enum(macromoleculeNames), ...poseShape }),
  /** An ellipsoidal bilayer; radii along its own axes, to the bilayer's middle. */
  z.object({ kind: z.literal('vesicle'), radiiAngstrom: xyzSchema, ...poseShape }),
  /** A bilayer through the whole box; normal: its own z; waves along its own x. */
  z.object({
    kind: z.literal('sheet'),
    waveHeightAngstrom: z.number(),
    waveLengthAngstrom: z.number(),
    wavePhase: z.number(),
    ...poseShape
  }),
  /** Runs through the whole box along its own z; position: a point of its axis. */
  z.object({ kind: z.literal('microtubule'), protofilaments: z.number().int(), ...poseShape }),
  /** A double helix of globular subunits like actin's, through the whole box along its own z. */
  z.object({ kind: z.literal('filament'), ...poseShape }),
  z.object({ kind: z.literal('gold-bead'), radiusAngstrom: z.number(), ...poseShape })
])
export type PlacedObject = z.infer<typeof placedObjectSchema>

/** recipe.json: all that a simulated tomogram was made of. No date, so that the same seed gives the same bytes. */
export const recipeSchema = z.object({
  program: z.literal('wedgeview'),
  version: z.string(),
  seed: z.number(),
  size: xyzSchema,
  voxelSizeAngstrom: z.number(),
  wedge: z.object({ ...wedgeSchema.shape, measuredFraction: z.number() }),
  /** SD of the Gaussian through which every shape is seen. */
  blurAngstrom: z.number(),
  ctf: z
    .object({
      defocusMicrometre: z.number(),
      voltageKilovolt: z.number(),
      sphericalAberrationMillimetre: z.number(),
      amplitudeContrast: z.number()
    })
    .nullable(),
  noise: z.object({
    kind: z.enum(['white', 'coloured']),
    /** Variance of T_M(signal) over that of T_M(noise), both over all voxels of tomogram.mrc. Each half has half of it. */
    signalToNoise: z.number(),
    /** sigma of method.md: SD of the white noise n before T_M (coloured noise has its mean power in the measured region). */
    sigma: z.number(),
    /** Variance of T_M(signal) over all voxels. */
    signalVariance: z.number()
  }),
  /** Asked: null where the number was left to the program. */
  contents: z.array(
    z.object({ kind: z.enum(contentKinds), asked: z.number().int().nullable(), placed: z.number().int() })
  ),
  objects: z.array(placedObjectSchema)
})
export type Recipe = z.infer<typeof recipeSchema>

/** A pose in both units and both notations. */
export function poseOf(
  angstrom: XYZ,
  voxelSizeAngstrom: number,
  quaternion: Quaternion = identityRotation
): Pick<PlacedObject, 'position' | 'rotation'> {
  const voxels = {
    x: angstrom.x / voxelSizeAngstrom,
    y: angstrom.y / voxelSizeAngstrom,
    z: angstrom.z / voxelSizeAngstrom
  }
  return { position: { voxels, angstrom }, rotation: { quaternion, matrix: rowsOf(rotationMatrix(quaternion)) } }
}

function rowsOf(matrix: Matrix3): number[][] {
  return matrix.map(({ x, y, z }) => [x, y, z])
}
