import { z } from 'zod'
import { boxSchema, xyzSchema } from './axes.ts'
import { colourMapSchema } from './colour-map-name.ts'
import { defaultOpacity } from './default-opacity.ts'
import { panelOptions } from './figure-options.ts'
import { curvesPanelSchema, distributionPanelSchema, spectrumPanelSchema } from './figure-plots.ts'
import { slicePanelSchema } from './figure-slice.ts'
import { figureVolumeSchema } from './figure-volumes.ts'
import { contrastSchema } from './volumes.ts'
import { wedgeSchema } from './wedge.ts'

export { colourMapSchema } from './colour-map-name.ts'
export type { ColourMapName } from './colour-map-name.ts'
export { slicePanelSchema } from './figure-slice.ts'
export type { SlicePanel } from './figure-slice.ts'
export type { CurvesPanel, DistributionPanel, SpectrumPanel } from './figure-plots.ts'

const share = z.number().min(0).max(1)
const shareRangeSchema = z
  .tuple([share, share])
  .refine(([from, to]) => from < to, 'a range must run from a smaller to a larger share')
const opacityPointSchema = z.object({ share, opacity: share })

/**
 * A volume in three dimensions, as a 3-D pane shows it. World units are x voxels of the volume, counted from its first voxel's corner; its axes
 * are the volume's.
 */
export const volumePanelSchema = z.object({
  kind: z.literal('volume'),
  ...panelOptions,
  volume: z.string(),
  /** The part that is shown, in the volume's own voxels; all of it where null. */
  box: boxSchema.nullable().default(null),
  /** At most 2^24 voxels of it, averaged where there are more; or at most 2^27. */
  detail: z.enum(['automatic', 'full']).default('automatic'),
  heightOverWidth: z.number().min(0.1).max(10).default(1),
  camera: z.object({
    /** Unit quaternion (x, y, z, w) that turns the world into the view: x to the right, y up, z at the viewer. */
    rotation: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    target: xyzSchema,
    /** Of the view at the target, in world units. */
    height: z.number().positive(),
    perspective: z.boolean().default(false)
  }),
  mode: z.enum(['maximum', 'average', 'direct', 'surface', 'crossing']),
  /** Grey values with the first and the last colour; the first above the last where dark is dense. */
  contrast: contrastSchema,
  /** Grey value of the isosurface. */
  level: z.number().default(0),
  /** What tells where the surface of a family may lie, for the mode `crossing`; null: the volume is P(x > t), as in figures of the first version. */
  crossing: z
    .discriminatedUnion('from', [
      z.object({ from: z.literal('members'), members: z.array(z.string()).min(2) }),
      z.object({ from: z.literal('gaussian'), mean: z.string(), std: z.string() }),
      z.object({ from: z.literal('probability') })
    ])
    .nullable()
    .default(null),
  opacity: z
    .array(opacityPointSchema)
    .min(1)
    .default([...defaultOpacity]),
  colourMap: colourMapSchema.default('grey'),
  /** A map that colours the surface. */
  tint: z
    .object({
      volume: z.string(),
      /** Its first voxel's corner in the volume's voxels. */
      offset: xyzSchema.default({ x: 0, y: 0, z: 0 }),
      contrast: contrastSchema,
      colourMap: colourMapSchema,
      quantity: z.string()
    })
    .nullable()
    .default(null),
  clip: z
    .object({ x: shareRangeSchema, y: shareRangeSchema, z: shareRangeSchema })
    .default({ x: [0, 1], y: [0, 1], z: [0, 1] }),
  /** Share of the depth cut away from the front. */
  cutFront: share.default(0),
  /** Slices in place, as shares of the box along their axes. */
  slices: z
    .object({ x: share.nullable(), y: share.nullable(), z: share.nullable() })
    .default({ x: null, y: null, z: null }),
  background: z.enum(['white', 'black']).default('white'),
  /** From the bottom to the top a little darker than white, or a little lighter than black, as in the window. */
  gradient: z.boolean().default(false),
  /** The unmeasured double wedge in place, within a ball in world units. */
  cone: z.object({ centre: xyzSchema, radius: z.number().positive(), wedge: wedgeSchema }).nullable().default(null),
  depthCue: share.default(0.35)
})
export type VolumePanel = z.infer<typeof volumePanelSchema>

/** One panel of a figure. */
export const figurePanelSchema = z.discriminatedUnion('kind', [
  slicePanelSchema,
  volumePanelSchema,
  spectrumPanelSchema,
  curvesPanelSchema,
  distributionPanelSchema
])
export type FigurePanel = z.infer<typeof figurePanelSchema>

/** The saved SPEC of `wedgeview figure`; the window and the command line draw the same from it. */
export const figureSpecSchema = z.object({
  formatVersion: z.literal(1),
  widthMm: z.number().min(20).max(1000).default(174),
  dpi: z.number().min(36).max(2400).default(300),
  background: z.enum(['white', 'black']).default('white'),
  /** Of labels and caption, in points; ticks are a little smaller, panel letters larger. */
  fontSizePt: z.number().min(4).max(20).default(7),
  columns: z.number().int().min(1).default(1),
  panels: z.array(figurePanelSchema).min(1),
  /** Volumes made of files, by the names that panels use. */
  volumes: z.record(z.string(), figureVolumeSchema).default({}),
  scaleBar: z.boolean().default(true),
  panelLetters: z.boolean().default(false),
  caption: z.string().default('')
})
export type FigureSpec = z.infer<typeof figureSpecSchema>

/** png and tiff: 8 and 16 bits a channel; png16: 16 bits; tiff-data: the values behind slices as 32-bit floats; csv: those behind curves. */
export const figureFormatSchema = z.enum(['png', 'png16', 'tiff', 'tiff-data', 'svg', 'pdf', 'csv'])
export type FigureFormat = z.infer<typeof figureFormatSchema>
