import { z } from 'zod'
import { boxSchema, planeSchema, xyzSchema } from '../axes.ts'
import { colourMapSchema } from '../figure.ts'
import { wedgeSchema } from '../wedge.ts'
import type { SessionFile } from './session-file.ts'
import { sessionFormat } from './session-file.ts'
import { emptyState } from './empty-state.ts'

const index = z.number().int().min(0)

/** The first form: tomograms by their place in a list, one row of slice panes, no runs. */
export const sessionVersion1Schema = z.object({
  format: z.literal(sessionFormat),
  version: z.literal(1),
  program: z.string().default(''),
  savedAt: z.string().default(''),
  tomograms: z
    .array(
      z.object({
        path: z.string().min(1),
        cursor: xyzSchema.nullable().default(null),
        centre: xyzSchema.nullable().default(null),
        /** CSS pixels per x voxel; absent: fitted. */
        zoom: z.number().positive().nullable().default(null),
        contrast: z
          .object({
            low: z.number(),
            high: z.number(),
            gamma: z.number().positive().default(1),
            inverted: z.boolean().default(false),
            colourMap: colourMapSchema.default('grey')
          })
          .nullable()
          .default(null),
        region: boxSchema.nullable().default(null),
        wedge: wedgeSchema.nullable().default(null)
      })
    )
    .min(1),
  shown: index,
  panes: z.array(z.object({ plane: planeSchema, tomogram: index.nullable().default(null) })).min(1)
})

type Version1 = z.infer<typeof sessionVersion1Schema>
type Version1Cursor = NonNullable<Version1['tomograms'][number]['cursor']>

const middleOf = ({ x, y, z }: Version1Cursor): Version1Cursor => ({ x: x + 0.5, y: y + 0.5, z: z + 0.5 })

/** Version 1 as version 2: the row of panes becomes a layout, indices become keys. */
export function migratedFrom1(old: Version1): SessionFile {
  const key = (at: number): string => `f${at + 1}`
  const known = (at: number): boolean => at < old.tomograms.length
  const each = <Value>(value: (tomogram: Version1['tomograms'][number]) => Value | null): Record<string, Value> =>
    Object.fromEntries(
      old.tomograms.flatMap((tomogram, i) => {
        const made = value(tomogram)
        return made === null ? [] : [[key(i), made]]
      })
    )
  const contrasts = each(({ contrast }) => {
    if (!contrast) return null
    const { low, high, gamma, inverted: invert, colourMap } = contrast
    return { low, high, gamma, invert, colourMap, auto: false }
  })
  const ids = old.panes.map((_, i) => `pane-${i + 1}`)
  return {
    format: sessionFormat,
    version: 2,
    program: old.program,
    savedAt: old.savedAt,
    files: old.tomograms.map(({ path }, i) => ({
      key: key(i),
      path,
      lastSeen: null,
      identity: null,
      truncated: 'refuse'
    })),
    runs: [],
    volumes: old.tomograms.map((_, i) => ({ key: key(i), kind: 'tomogram', file: key(i) })),
    bundle: null,
    state: {
      ...emptyState,
      shown: { tomogram: key(known(old.shown) ? old.shown : 0), base: {} },
      layout: {
        preset: old.panes.length === 1 ? 'single' : 'compare',
        panes: old.panes.map(({ plane, tomogram }, i) => ({
          kind: 'slice',
          id: ids[i],
          plane,
          volumeId: tomogram !== null && known(tomogram) ? key(tomogram) : null,
          link: 'A',
          method: null,
          transposed: false,
          overlay: true,
          comparison: null
        })),
        tree:
          ids.length === 1
            ? { pane: ids[0] }
            : { id: 'split-1', direction: 'row', shares: null, children: ids.map((pane) => ({ pane })) },
        activePane: ids[0],
        leftOpen: true,
        rightOpen: true
      },
      // Without a zoom the window fits the volume, as it does for one that was never looked at.
      views: each(({ cursor, centre, zoom }) => {
        if (!cursor || zoom === null) return null
        return { cursor, centre: centre ?? middleOf(cursor), scale: zoom, fit: null, framed: null }
      }),
      contrast: {
        linked: true,
        displays: Object.fromEntries(Object.entries(contrasts).map(([of, display]) => [`grey:${of}`, display]))
      },
      regions: each(({ region }) => region),
      wedges: each(({ wedge }) => wedge)
    }
  }
}
