import type { Box, XYZ } from '../../../shared/axes.ts'
import { boxSize, formatBox, parseBox } from '../../../shared/axes.ts'
import { blockFacts, type BlockFacts } from '../blockFacts.ts'
import { bricksOf, type BrickLevels } from '../bricks.ts'
import { codesFor, encoded, inTexture, type Voxels } from './codes.ts'

/** A part of a volume, and how finely. */
export interface BlockWish {
  /** The engine's route to the volume's blocks. */
  path: string
  /** In the volume's own voxels. */
  box: Box
  /** At most so many voxels, and so many along any axis; averaged where it is more. */
  limit: number
  side: number
  /** Whether 16 bits a voxel will do. */
  coded: boolean
}

/** What rays need of it. */
export interface BlockRead {
  revision: number
  size: XYZ
  /** What it covers, in the volume's own voxels. */
  box: Box
  voxels: Voxels
  /** Extremes in the texture's own units. */
  bricks: BrickLevels
  facts: BlockFacts
}

/** Small enough for progress and for the engine's memory. */
const defaultVoxelsARequest = 1 << 22

/** The engine refused. */
export class Refused extends Error {
  readonly response: Response
  constructor(response: Response) {
    super(`The engine answered ${response.status}.`)
    this.name = 'Refused'
    this.response = response
  }
}

/**
 * Reads a block in slabs, works out what its values are like and which parts of it rays may skip, and codes it for the graphics card.
 *
 * @param onProgress share that has been done, 0 to 1
 * @throws {Refused}, and what `fetch` throws
 */
export async function readBlock(
  wish: BlockWish,
  onProgress: (share: number) => void,
  voxelsARequest = defaultVoxelsARequest
): Promise<BlockRead> {
  const read = await readSlabs(wish, voxelsARequest, (share) => onProgress(0.7 * share))
  const { size, slabs } = read
  const facts = blockFacts(slabs)
  onProgress(0.8)
  const plane = size.x * size.y
  const planesASlab = slabs[0].length / plane
  const planeAt = (z: number): Float32Array => {
    const from = (z % planesASlab) * plane
    return slabs[Math.floor(z / planesASlab)].subarray(from, from + plane)
  }
  const bricks = bricksOf(size, planeAt)
  onProgress(0.9)
  const codes = wish.coded ? codesFor(facts, size.x * size.y * size.z) : null
  if (!codes) return { ...read, voxels: { slabs, codes }, bricks, facts }
  const coded: Uint16Array<ArrayBuffer>[] = []
  // Floats are let go slab by slab: both at once would be half as much memory again.
  for (let slab = slabs.shift(); slab; slab = slabs.shift()) coded.push(encoded(slab, codes))
  for (const { extremes } of [bricks.fine, bricks.coarse])
    for (let i = 0; i < extremes.length; i++) extremes[i] = inTexture(codes, extremes[i])
  return { ...read, voxels: { slabs: coded, codes }, bricks, facts }
}

type Slabs = Pick<BlockRead, 'revision' | 'size' | 'box'> & { slabs: Float32Array<ArrayBuffer>[] }

async function readSlabs(wish: BlockWish, voxelsARequest: number, onProgress: (share: number) => void): Promise<Slabs> {
  const { box, limit, side } = wish
  const size = boxSize(box)
  const plane = size.x * size.y
  if (plane * size.z > limit || Math.max(size.x, size.y, size.z) > side) {
    const { data, ...part } = await readPart(wish, box)
    return { ...part, slabs: [data] }
  }
  const planes = Math.max(1, Math.floor(voxelsARequest / plane))
  // A map that is written at the same time may change on the way: then all of it is read anew.
  for (;;) {
    const slabs: Float32Array<ArrayBuffer>[] = []
    const revisions = new Set<number>()
    for (let z = box.z[0]; z < box.z[1] && revisions.size < 2; z += planes) {
      const part = await readPart(wish, { ...box, z: [z, Math.min(box.z[1], z + planes)] })
      slabs.push(part.data)
      revisions.add(part.revision)
      onProgress(Math.min(1, (z + planes - box.z[0]) / size.z))
    }
    const [revision, another] = revisions
    if (another === undefined) return { revision, size, box, slabs }
  }
}

async function readPart({ path, limit, side }: BlockWish, box: Box) {
  const response = await fetch(`${path}?limit=${limit}&side=${side}&box=${formatBox(box)}`)
  if (!response.ok) throw new Refused(response)
  const data = new Float32Array(await response.arrayBuffer())
  const [x, y, z] = (response.headers.get('X-Size') ?? '').split(',').map(Number)
  const covered = parseBox(response.headers.get('X-Box') ?? '')
  if (!covered || x * y * z !== data.length)
    throw new Error(`The engine's answer to ${path} is not a block: ${data.length} values.`)
  return { data, size: { x, y, z }, box: covered, revision: Number(response.headers.get('X-Revision') ?? 0) }
}
