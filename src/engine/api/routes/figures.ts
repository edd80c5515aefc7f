import { stat } from 'node:fs/promises'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import { figureRequestSchema } from '../../../shared/api.ts'
import { figureFormatSchema } from '../../../shared/figure.ts'
import type { FigureFormat, FigureSpec } from '../../../shared/figure.ts'
import { renamedVolumes, volumeNames } from '../../../shared/figure-names.ts'
import type { FigureVolumeRecipe } from '../../../shared/figure-volumes.ts'
import { readFigureSpec } from '../../figure/figure-file.ts'
import { renderFigure } from '../../figure/index.ts'
import type { FigureVolume } from '../../figure/index.ts'
import { Remembered } from '../../figure/remembered.ts'
import { openVolume } from '../../volume/open-volume.ts'
import type { Volume } from '../../volume/volume.ts'
import type { ApiContext } from '../context.ts'
import { jsonBody, parsed } from '../failure-response.ts'
import { followLinks } from '../path-access.ts'
import { portableFigure } from '../portable-figures.ts'

const formatQuery = z.object({ format: z.union([figureFormatSchema, z.literal('spec')]).default('png') })
const openRequest = z.object({ path: z.string().min(1) })
const contentTypes: Readonly<Record<FigureFormat, string>> = {
  png: 'image/png',
  png16: 'image/png',
  tiff: 'image/tiff',
  'tiff-data': 'image/tiff',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8'
}

/** Figures of open volumes, or of files that may be opened. */
export function figureRoutes(context: ApiContext): Hono {
  const { options, access } = context
  const remembered = new Remembered()
  return new Hono()
    .post('/', async (c) => {
      const { format } = parsed(formatQuery, c.req.query())
      const spec = await jsonBody(c.req.raw, figureRequestSchema)
      const { signal } = c.req.raw
      if (format === 'spec') {
        // A SPEC that is opened again grants what it names, so it may only name what may be read now.
        for (const name of volumeNames(spec)) if (!context.volumes.has(name)) await access.allowed(name)
        return c.json(await portableFigure(spec, context, signal))
      }
      const opened: Volume[] = []
      try {
        const source = {
          resolve: resolver(spec, context, opened, signal),
          fontFolder: join(options.resources, 'fonts'),
          remember: remembered.remember,
          signal
        }
        const bytes = await renderFigure(withoutPreviews(spec), format, source)
        return new Response(new Uint8Array(bytes), { headers: { 'Content-Type': contentTypes[format] } })
      } finally {
        await Promise.all(opened.map((volume) => volume.close()))
      }
    })
    .post('/open', async (c) => {
      const { path } = await jsonBody(c.req.raw, openRequest)
      const allowed = await access.allowed(path)
      const spec = await readFigureSpec(allowed)
      const folder = dirname(allowed)
      const placed = renamedVolumes(spec, (name) => (isAbsolute(name) ? name : resolve(folder, name)))
      if (options.mount === 'desktop') for (const name of volumeNames(placed)) await grantFile(name, options)
      return c.json(placed)
    })
}

function resolver(
  spec: FigureSpec,
  { access, volumes, families }: ApiContext,
  opened: Volume[],
  signal: AbortSignal
): (name: string) => Promise<FigureVolume> {
  const files = new Map<string, Promise<Volume>>()
  const open = (path: string): Promise<Volume> => {
    const known = files.get(path)
    if (known) return known
    const volume = openVolume(path, { signal }).then((made) => {
      opened.push(made)
      return made
    })
    files.set(path, volume)
    return volume
  }
  return async (name) => {
    const recipe: FigureVolumeRecipe | undefined = Object.hasOwn(spec.volumes, name) ? spec.volumes[name] : undefined
    if (recipe?.kind === 'preview') {
      const { description } = volumes.get(recipe.of)
      const state = `${description.id}:${description.revision}@${recipe.gamma}`
      const volume = await families.tempered(description.id, recipe.gamma, signal)
      return { volume, quantity: description.quantity, state }
    }
    if (volumes.has(name)) {
      const { description, volume } = volumes.get(name)
      return { volume, quantity: description.quantity, state: `${description.id}:${description.revision}` }
    }
    return { volume: await open(await access.allowed(name)), quantity: 'grey value' }
  }
}

/** A file only: a folder would grant all that it holds. */
async function grantFile(path: string, { paths }: ApiContext['options']): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (found?.isFile()) paths.grant(await followLinks(path))
}

/** Previews are resolved here, where the runs are open. */
function withoutPreviews(spec: FigureSpec): FigureSpec {
  return {
    ...spec,
    volumes: Object.fromEntries(Object.entries(spec.volumes).filter(([, { kind }]) => kind !== 'preview'))
  }
}
