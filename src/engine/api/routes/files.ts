import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'
import { z } from 'zod'
import type { FileListing } from '../../../shared/api.ts'
import { WedgeviewError } from '../../../shared/errors.ts'
import { isSessionName } from '../../../shared/session/session-file.ts'
import { isTomogramName } from '../../../shared/tomogram-files.ts'
import { looksLikeZarr } from '../../volume/formats/open-volume-file.ts'
import type { ApiContext } from '../context.ts'
import { parsed } from '../failure-response.ts'
import { followLinks, isInside } from '../path-access.ts'
import type { PathAccess } from '../path-access.ts'

type Entry = FileListing['entries'][number]

const query = z.object({ path: z.string().optional() })
/** Folders of tens of thousands of frames would swamp the list; nobody picks a tomogram out of those. */
const entryLimit = 5000

/** Folders and files below --root, for the browser's own file dialog. */
export function fileRoutes({ options, access }: ApiContext): Hono {
  return new Hono().get('/', async (c) => {
    const { root } = options
    if (root === null) {
      throw new WedgeviewError(
        'usage',
        'no-such-route',
        'Files are listed in the browser mount only.',
        'Use the file dialog of the desktop.'
      )
    }
    const { path = root } = parsed(query, c.req.query())
    const folder = await access.allowed(path)
    return c.json(await listing(folder, await followLinks(root), access))
  })
}

async function listing(folder: string, root: string, access: PathAccess): Promise<FileListing> {
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.')).slice(0, entryLimit)
  const entries = await Promise.all(names.map((name) => entryOf(join(folder, name), name, access)))
  const parent = dirname(folder)
  return {
    path: folder,
    parent: folder !== root && isInside(root, parent) ? parent : null,
    entries: entries.filter((entry) => entry !== null).sort(inOrder)
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    throw new WedgeviewError(
      'input',
      'folder-not-readable',
      `${folder} can't be listed.`,
      'Choose an existing folder that you may read.',
      { cause: error }
    )
  }
}

/** Null for what can't be read or leads out of the allowed folders. */
async function entryOf(path: string, name: string, access: PathAccess): Promise<Entry | null> {
  const target = await followLinks(path)
  if (!(await access.mayRead(target))) return null
  const status = await stat(target).catch(() => null)
  if (status?.isDirectory()) {
    const isBundle = await stat(join(target, 'bundle.json')).then(
      (file) => file.isFile(),
      () => false
    )
    if (isBundle) return { name, path, kind: 'bundle', bytes: null }
    return { name, path, kind: (await looksLikeZarr(target)) ? 'tomogram' : 'folder', bytes: null }
  }
  if (!status?.isFile()) return null
  return {
    name,
    path,
    kind: isTomogramName(name) ? 'tomogram' : isSessionName(name) ? 'session' : 'other',
    bytes: status.size
  }
}

const collator = new Intl.Collator('en', { numeric: true })

/** Folders first, then by name with numbers in their order: tomo_2 before tomo_10. */
function inOrder(a: Entry, b: Entry): number {
  const isLeaf = (entry: Entry): number => (entry.kind === 'folder' || entry.kind === 'bundle' ? 0 : 1)
  return isLeaf(a) - isLeaf(b) || collator.compare(a.name, b.name)
}
