import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

/** Where compiled graphs are kept, and how much of them. */
export interface CompileCache {
  folder: string
  /** Beyond this the entries that were not used for longest go. */
  limitBytes: number
}

/** The user's own cache, which others on the machine can't write to. */
export function userCacheFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const home = homedir()
  const cache =
    env.XDG_CACHE_HOME ??
    (process.platform === 'win32'
      ? (env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'))
      : join(home, ...(process.platform === 'darwin' ? ['Library', 'Caches'] : ['.cache'])))
  return join(cache, 'wedgeview', name)
}

export function userCompileCache(): CompileCache {
  return { folder: userCacheFolder('step-graphs'), limitBytes: 512 * 2 ** 20 }
}

const headerSchema = z.object({ largestTensorBytes: z.number() })

/** An encoded graph with what its user has to know of it before opening it. */
export interface CompiledGraph extends z.infer<typeof headerSchema> {
  model: Uint8Array
}

const magic = Buffer.from('WVSTEP1\n')
const digestBytes = 32
const suffix = '.step'

/** magic, sha256 of the rest, length of the header as uint32, header as JSON, model. */
function encodeEntry({ model, ...header }: CompiledGraph): Buffer {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(json.length)
  const body = Buffer.concat([length, json, model])
  return Buffer.concat([magic, createHash('sha256').update(body).digest(), body])
}

/** Null for anything that is not exactly what encodeEntry wrote. */
function decodeEntry(bytes: Buffer): CompiledGraph | null {
  const bodyAt = magic.length + digestBytes
  if (bytes.length < bodyAt + 4 || !bytes.subarray(0, magic.length).equals(magic)) return null
  const body = bytes.subarray(bodyAt)
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(magic.length, bodyAt))) return null
  const modelAt = 4 + body.readUInt32LE(0)
  const header = headerSchema.safeParse(JSON.parse(body.toString('utf8', 4, modelAt)))
  return header.success ? { ...header.data, model: body.subarray(modelAt) } : null
}

/**
 * The graph of a key (compile-key.ts) from the cache, or built and put there. A damaged entry is built again. A cache
 * that can't be read or written only costs time.
 */
export async function compiled(
  cache: CompileCache | null,
  key: string,
  build: () => Promise<CompiledGraph>
): Promise<CompiledGraph> {
  if (!cache) return build()
  const path = join(cache.folder, key + suffix)
  const found = await readFile(path).then(decodeEntry, () => null)
  if (found) {
    const now = new Date()
    await utimes(path, now, now).catch(() => undefined)
    return found
  }
  const graph = await build()
  // One entry that would push most others out is not worth it.
  if (graph.model.length <= cache.limitBytes / 4) await store(cache, path, encodeEntry(graph)).catch(() => undefined)
  return graph
}

/** Writes beside and renames, so that no half an entry is ever seen under a key's name. */
async function store(cache: CompileCache, path: string, bytes: Buffer): Promise<void> {
  await mkdir(cache.folder, { recursive: true, mode: 0o700 })
  const beside = `${path}.${randomUUID()}${unfinished}`
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await evict(cache)
}

const unfinished = '.writing'
/** An unfinished file this old was left by a process that was ended. */
const abandonedAfterMilliseconds = 3600_000

async function evict({ folder, limitBytes }: CompileCache): Promise<void> {
  const entries: { path: string; bytes: number; usedAt: number }[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => null)
    if (!info) continue
    if (name.endsWith(suffix)) entries.push({ path, bytes: info.size, usedAt: info.mtimeMs })
    else if (name.endsWith(unfinished) && Date.now() - info.mtimeMs > abandonedAfterMilliseconds)
      await rm(path, { force: true })
  }
  entries.sort((a, b) => b.usedAt - a.usedAt)
  let total = 0
  for (const { path, bytes } of entries) {
    total += bytes
    if (total > limitBytes) await rm(path, { force: true })
  }
}
