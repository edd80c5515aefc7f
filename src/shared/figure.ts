import { z } from 'zod'
import { contrastSchema } from './volumes.ts'
import { boxSchema, planeSchema, xyzSchema } from './axes.ts'
import { sliceFiltersSchema } from './slice-filters.ts'
import { defaultOpacity } from './default-opacity.ts'

/** Perceptually uniform and safe for the common colour deficiencies; blue-red diverges, for differences. */
export const colourMapSchema = z.enum(['grey', 'viridis', 'magma', 'cividis', 'inferno', 'blue-red'])
export type ColourMapName = z.infer<typeof colourMapSchema>

const pixelRangeSchema = z
  .tuple([z.number().int().min(0), z.number().int().min(1)])
  .refine(([from, to]) => from < to, 'a range must run from a smaller to a larger number')

/** A slice, and an overlay drawn over it. Volumes are ids of open volumes or file paths. */
export const slicePanelSchema = z.object({
  kind: z.literal('slice'),
  volume: z.string(),
  plane: planeSchema,
  /** Slice index in the volume's own voxels. */
  index: z.number().int().min(0),
  contrast: contrastSchema,
  colourMap: colourMapSchema.default('grey'),
  /** Of the base's contrast; 1 where absent. */
  gamma: z.number().positive().optional(),
  /** What is done to the base before it is drawn, as in the pane; nothing where absent. */
  filters: sliceFiltersSchema.optional(),
  /** The part of the slice that is shown, in its own pixels, half-open; the whole slice where absent. */
  crop: z.object({ columns: pixelRangeSchema, rows: pixelRangeSchema }).nullable().optional(),
  title: z.string().default(''),
  overlay: z
    .object({
      volume: z.string(),
      /** Slice index in the overlay's own voxels. */
      index: z.number().int().min(0),
      /** Lower left corner of the overlay slice in the base slice's pixels (column, row). */
      offset: z.tuple([z.number(), z.number()]).default([0, 0]),
      contrast: contrastSchema,
      colourMap: colourMapSchema,
      /** Opacity at and above the top of the range. */
      opacity: z.number().min(0).max(1),
      opacityByValue: z.boolean().default(true),
      /** Values below are not drawn. */
      threshold: z.number().nullable().default(null),
      quantity: z.string()
    })
    .nullable()
    .default(null)
})
export type SlicePanel = z.infer<typeof slicePanelSchema>

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
  volume: z.string(),
  /** The part that is shown, in the volume's own voxels; all of it where null. */
  box: boxSchema.nullable().default(null),
  title: z.string().default(''),
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
  depthCue: share.default(0.35)
})
export type VolumePanel = z.infer<typeof volumePanelSchema>

/** One panel of a figure. */
export const figurePanelSchema = z.discriminatedUnion('kind', [slicePanelSchema, volumePanelSchema])
export type FigurePanel = z.infer<typeof figurePanelSchema>

/** The saved SPEC of `wedgeview figure`; the window and the command line draw the same from it. */
export const figureSpecSchema = z.object({
  formatVersion: z.literal(1),
  widthMm: z.number().min(20).max(1000).default(174),
  dpi: z.number().min(36).max(2400).default(300),
  background: z.enum(['white', 'black']).default('white'),
  columns: z.number().int().min(1).default(1),
  panels: z.array(figurePanelSchema).min(1),
  scaleBar: z.boolean().default(true),
  panelLetters: z.boolean().default(false),
  caption: z.string().default('')
})
export type FigureSpec = z.infer<typeof figureSpecSchema>

/** png and tiff: 8 and 16 bits a channel; png16: 16 bits; tiff-data: the values behind the panels as 32-bit floats. */
export const figureFormatSchema = z.enum(['png', 'png16', 'tiff', 'tiff-data', 'svg', 'pdf'])
export type FigureFormat = z.infer<typeof figureFormatSchema>
