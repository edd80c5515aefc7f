import { z } from 'zod'
import { axisSchema, boxSchema, planeSchema, xyzSchema } from '../axes.ts'
import { colourMapSchema } from '../figure.ts'
import { methodIdSchema } from '../methods.ts'
import { deviceSchema, requestedSettingsSchema } from '../settings.ts'
import { sliceFiltersSchema } from '../slice-filters.ts'
import { volumePartSchema } from '../derived.ts'
import { wedgeSchema } from '../wedge.ts'
import { isWholeLayout, layoutNodeSchema } from './layout.ts'

/**
 * How a person arranged the window. Volumes and runs go by the keys of the session's own tables, see session-file.ts; in the window the same
 * shape holds the ids of this process (rename.ts turns one into the other).
 *
 * Keys of `views` and `displays` may end in the scope of panes that look apart from the others: `f1#pane-2`, `f1@B`; a contrast that a tomogram
 * shares with its maps begins with `grey:`.
 */
const volumeRef = z.string().min(1).max(500)
const paneId = z.string().min(1).max(100)
const byVolume = <Value extends z.ZodType>(value: Value) => z.record(volumeRef, value)
const byPane = <Value extends z.ZodType>(value: Value) => z.record(paneId, value)
const share = z.number().min(0).max(1)

const linkGroupSchema = z.enum(['A', 'B', 'C', 'D'])

const comparisonSchema = z.object({
  mode: z.enum(['swipe', 'checkerboard', 'flicker', 'difference', 'deviation']),
  volumeId: volumeRef.nullable(),
  swipe: share,
  cell: z.number().min(1).max(4096),
  rate: z.number().positive().max(60),
  playing: z.boolean(),
  range: z.number().positive().nullable(),
  deviations: z.number().positive()
})

const looking = {
  id: paneId,
  plane: planeSchema,
  volumeId: volumeRef.nullable(),
  link: linkGroupSchema.nullable(),
  ownZoom: z.boolean().optional()
}
const paneSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('slice'),
    ...looking,
    method: methodIdSchema.nullable(),
    transposed: z.boolean(),
    overlay: z.boolean(),
    comparison: comparisonSchema.nullable()
  }),
  z.object({ kind: z.literal('spectrum'), ...looking }),
  z.object({ kind: z.literal('curves'), ...looking }),
  z.object({ kind: z.literal('volume'), ...looking }),
  z.object({ kind: z.literal('position'), id: paneId }),
  z.object({ kind: z.literal('awaiting'), id: paneId })
])

const layoutSchema = z
  .object({
    preset: z.enum(['single', 'planes', 'compare', 'methods', 'family']),
    panes: z.array(paneSchema).min(1).max(64),
    tree: layoutNodeSchema,
    activePane: paneId,
    leftOpen: z.boolean(),
    rightOpen: z.boolean()
  })
  .refine(({ panes, tree }) => isWholeLayout(tree, panes), 'the layout must hold each pane once')

const viewSchema = z.object({
  cursor: xyzSchema,
  centre: xyzSchema,
  scale: z.number().positive(),
  fit: boxSchema.nullable(),
  /** The box that was fitted last; null: the whole volume. */
  framed: boxSchema.nullable()
})

const displaySchema = z.object({
  low: z.number(),
  high: z.number(),
  gamma: z.number().positive(),
  invert: z.boolean(),
  colourMap: colourMapSchema,
  auto: z.boolean()
})

const overlaySchema = z.object({
  volumeId: volumeRef.nullable(),
  visible: z.boolean(),
  colourMap: colourMapSchema,
  low: z.number().nullable(),
  high: z.number().nullable(),
  threshold: z.number().nullable(),
  opacity: share,
  opacityByValue: z.boolean(),
  contours: z.array(z.number()).max(16),
  style: z.enum(['colours', 'value-suppressing']),
  treeRows: z.number().int().min(1).max(8),
  valueColours: colourMapSchema
})

const range = z.tuple([share, share])
const lookSchema = z.object({
  mode: z.enum(['maximum', 'average', 'direct', 'surface', 'crossing']),
  denseIsDark: z.boolean().nullable(),
  level: z.number().nullable(),
  opacity: z
    .array(z.object({ share, opacity: share }))
    .min(1)
    .max(200),
  colourMap: colourMapSchema,
  tintId: volumeRef.nullable(),
  background: z.enum(['window', 'black', 'white', 'gradient']),
  depthCue: share,
  clip: z.object({ x: range, y: range, z: range }),
  cutFront: share,
  slices: z.record(axisSchema, z.boolean()),
  regionOnly: z.boolean(),
  /** Not in the first versions' sessions. */
  detail: z.enum(['automatic', 'full']).default('automatic'),
  cone: z.boolean()
})

const cameraSchema = z.object({
  rotation: z.tuple([z.number(), z.number(), z.number(), z.number()]),
  target: xyzSchema,
  height: z.number().positive(),
  perspective: z.boolean()
})

const linksSchema = z.object({ position: z.boolean(), zoom: z.boolean(), contrast: z.boolean() })

export const sessionStateSchema = z.object({
  /** The tomogram looked at, and for each the volume that panes without one of their own show. */
  shown: z.object({ tomogram: volumeRef.nullable(), base: byVolume(volumeRef) }),
  layout: layoutSchema,
  links: z.record(linkGroupSchema, linksSchema),
  views: byVolume(viewSchema),
  glyphs: z.object({ crosshair: z.boolean(), scaleBar: z.boolean(), smooth: z.boolean(), beam: z.boolean() }),
  contrast: z.object({ linked: z.boolean(), displays: byVolume(displaySchema) }),
  filters: byVolume(sliceFiltersSchema),
  overlays: byVolume(overlaySchema),
  regions: byVolume(boxSchema),
  /** Only what a person set; else what the engine finds holds again. */
  wedges: byVolume(wedgeSchema),
  parts: byVolume(z.union([z.literal('all'), volumePartSchema])),
  plan: z.object({
    methods: z.array(methodIdSchema),
    settings: requestedSettingsSchema,
    device: deviceSchema
  }),
  family: z.object({
    open: z.boolean(),
    membersPerSecond: z.number().positive().max(60),
    pin: z.object({ volumeId: volumeRef, paneId }).nullable(),
    /** Temperature that a run's family is shown for, by run. */
    preview: z.record(z.string(), z.number().positive()),
    continueOnRest: z.boolean()
  }),
  volume3d: z.object({
    looks: byPane(lookSchema),
    cameras: byPane(cameraSchema),
    saved: z.record(z.string(), cameraSchema)
  }),
  /** `source`: a volume, or `deviations:` and a run. */
  spectra: byPane(z.object({ plane: planeSchema.nullable(), source: z.string().nullable() })),
  measurements: byVolume(z.array(z.object({ id: z.number().int(), from: xyzSchema, to: xyzSchema })).max(10_000)),
  /** What has a schema of its own: figures, movies. Whoever wrote it checks it. */
  documents: z.record(z.string(), z.unknown())
})
export type SessionState = z.infer<typeof sessionStateSchema>
export type SessionPane = SessionState['layout']['panes'][number]
