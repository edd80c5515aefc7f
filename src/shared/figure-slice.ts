import { z } from 'zod'
import { boxSchema, planeSchema, xyzSchema } from './axes.ts'
import { colourMapSchema } from './colour-map-name.ts'
import { panelOptions } from './figure-options.ts'
import { sliceFiltersSchema } from './slice-filters.ts'
import { treeRows } from './value-suppressing.ts'
import { contrastSchema } from './volumes.ts'

const pixelRangeSchema = z
  .tuple([z.number().int().min(0), z.number().int().min(1)])
  .refine(([from, to]) => from < to, 'a range must run from a smaller to a larger number')

const sliceIndex = z.number().int().min(0)
/** Lower left corner of another slice in the base slice's pixels (column, row). */
const offsetSchema = z.tuple([z.number(), z.number()]).default([0, 0])

export const sliceOverlaySchema = z.object({
  volume: z.string(),
  /** Slice index in the overlay's own voxels. */
  index: sliceIndex,
  offset: offsetSchema,
  contrast: contrastSchema,
  colourMap: colourMapSchema,
  /** Opacity at and above the top of the range. */
  opacity: z.number().min(0).max(1),
  opacityByValue: z.boolean().default(true),
  /** Values below are not drawn. */
  threshold: z.number().nullable().default(null),
  /** Values at which lines are drawn. */
  contours: z.array(z.number()).max(16).default([]),
  /** Colours over the grey values, or the grey values themselves coloured by the value-suppressing palette. */
  style: z.enum(['colours', 'value-suppressing']).default('colours'),
  /** Rows of that palette, and what its most certain row is coloured with. */
  treeRows: z.number().int().min(treeRows.least).max(treeRows.most).default(treeRows.usual),
  valueColours: colourMapSchema.default('viridis'),
  quantity: z.string()
})
export type SliceOverlay = z.infer<typeof sliceOverlaySchema>

/** The base, A, against another slice, B. */
export const sliceComparisonSchema = z.object({
  /** other: B alone. difference: A - B. deviation: (A - B) / SD. */
  mode: z.enum(['swipe', 'checkerboard', 'other', 'difference', 'deviation']),
  volume: z.string(),
  index: sliceIndex,
  offset: offsetSchema,
  contrast: contrastSchema,
  colourMap: colourMapSchema.default('grey'),
  gamma: z.number().positive().optional(),
  filters: sliceFiltersSchema.optional(),
  /** Swipe: where B begins, in the base's voxels along what the panel shows to the right. */
  at: z.number().default(0),
  /** Checkerboard: side of a cell in those voxels (cells are squares in space), and where its upper left corner lies (right, up). */
  cell: z.number().positive().default(16),
  corner: z.tuple([z.number(), z.number()]).default([0, 0]),
  /** Differences: what the last colour stands for; the first for minus as much. */
  limit: z.number().positive().default(1),
  spread: z.object({ volume: z.string(), index: sliceIndex, offset: offsetSchema }).nullable().default(null),
  quantity: z.string().default('A − B'),
  /** What A and B are called in the picture. */
  names: z.tuple([z.string(), z.string()]).default(['A', 'B'])
})
export type SliceComparison = z.infer<typeof sliceComparisonSchema>

/** What is drawn over a slice; in continuous voxels of the base, voxel i covers [i, i + 1). */
export const sliceMarksSchema = z.object({
  crosshair: xyzSchema.nullable().default(null),
  /** Its frame is drawn where the slice meets it. */
  region: boxSchema.nullable().default(null),
  /** Distances, drawn where the slice meets them, with their length. */
  distances: z.array(z.object({ from: xyzSchema, to: xyzSchema })).default([])
})
export type SliceMarks = z.infer<typeof sliceMarksSchema>

/** A slice, and what is drawn over it. Volumes are ids of open volumes, file paths, or names of the figure's own `volumes`. */
export const slicePanelSchema = z.object({
  kind: z.literal('slice'),
  ...panelOptions,
  volume: z.string(),
  plane: planeSchema,
  /** Slice index in the volume's own voxels. */
  index: sliceIndex,
  contrast: contrastSchema,
  colourMap: colourMapSchema.default('grey'),
  /** Of the base's contrast; 1 where absent. */
  gamma: z.number().positive().optional(),
  /** Of the base's values, for its colour bar; absent: as its file tells. */
  quantity: z.string().optional(),
  /** What is done to the base before it is drawn, as in the pane; nothing where absent. */
  filters: sliceFiltersSchema.optional(),
  /** The part of the slice that is shown, in its own pixels, half-open; the whole slice where absent. */
  crop: z.object({ columns: pixelRangeSchema, rows: pixelRangeSchema }).nullable().optional(),
  /** Drawn with the plane's row axis to the right. */
  transposed: z.boolean().default(false),
  /** Values between voxels are interpolated, where a voxel is larger than a pixel. */
  smooth: z.boolean().default(false),
  overlay: sliceOverlaySchema.nullable().default(null),
  comparison: sliceComparisonSchema.nullable().default(null),
  marks: sliceMarksSchema.default({ crosshair: null, region: null, distances: [] })
})
export type SlicePanel = z.infer<typeof slicePanelSchema>
