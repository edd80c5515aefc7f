import type { Data3DTexture, WebGLRenderer } from 'three'
import type { XYZ } from '../../shared/axes.ts'
import { brickTexture, gridTexture, pairTexture, VoxelTexture } from './blockTexture.ts'
import { findBricks, type BrickLevels } from './bricks.ts'
import { emptySpace, type Drawn } from './emptySpace.ts'
import type { LoadedBlock } from './loadBlock.ts'
import { bytesOf } from './voxels/codes.ts'

/** What rays need of a grid. */
export interface GridOnGpu {
  texture: Data3DTexture
  /** Whether 16-bit codes are in two channels. */
  coded: boolean
  /** Null until they are known. */
  bricks: BricksOnGpu | null
}

interface BricksOnGpu {
  fine: Data3DTexture
  coarse: Data3DTexture
  /** What the textures were made from. */
  levels: BrickLevels
  /** How far rays may leap from coarse bricks, for what was drawn last. */
  space: Data3DTexture | null
  spaceOf: string
}

interface Held extends GridOnGpu {
  finding: AbortController
  bytes: number
  voxels: VoxelTexture | null
}

/** As much as members that play may keep there, so that none is sent twice. */
const gpuBytes = 1 << 29
/** Blocks larger than this are not kept there once they are no longer drawn. */
const largeBytes = 1 << 27
/** Bytes a frame on their way to the graphics card: blocks in automatic detail go at once. */
const bytesATurn = 1 << 26

/** Textures of what is drawn and of what was drawn lately, and their bricks once they are known. */
export class BlocksOnGpu {
  /** By what they were made of, the one drawn last at the end. */
  readonly #held = new Map<object, Held>()
  readonly #onChange: () => void
  #lacksRoom = false

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** A block's voxels; the same block has the same texture. Null while they are on their way, so that it has to be asked again. */
  block(gl: WebGLRenderer, block: LoadedBlock, canInterpolate: boolean): GridOnGpu | null {
    const held = this.#hold(block, () => {
      const voxels = new VoxelTexture(block.voxels, block.size, canInterpolate)
      const coded = block.voxels.codes !== null
      return {
        ...nothingSent(voxels.texture),
        voxels,
        coded,
        bricks: onGpu(block.bricks),
        bytes: bytesOf(block.voxels)
      }
    })
    const isThere = held.voxels?.send(gl, bytesATurn) ?? false
    this.#lacksRoom = held.voxels?.isRefused ?? false
    return isThere ? held : null
  }

  /** Whether the block asked for last was refused. */
  get lacksRoom(): boolean {
    return this.#lacksRoom
  }

  /** Makes room of large blocks that are drawn no longer. */
  letGo(drawn: readonly (object | null)[]): void {
    for (const [owner, held] of this.#held)
      if (held.bytes > largeBytes && !drawn.includes(owner)) {
        this.#held.delete(owner)
        free(held)
      }
  }

  /** Cells with two values each. @param owner what they belong to: the same owner has the same texture */
  cells(owner: object, data: Float32Array, size: XYZ, canInterpolate: boolean): GridOnGpu {
    return this.#hold(owner, () => {
      const texture = gridTexture(data, size, 2, canInterpolate)
      const held: Held = { ...nothingSent(texture), bytes: data.byteLength }
      void findBricks(data, size, held.finding.signal, 2).then((levels) => {
        if (!levels || held.finding.signal.aborted) return
        // Bricks change how fast rays are, not what they find: the picture stays.
        held.bricks = onGpu(levels)
        this.#onChange()
      })
      return held
    })
  }

  #hold(owner: object, made: () => Held): Held {
    const before = this.#held.get(owner)
    const held = before ?? made()
    this.#held.delete(owner)
    this.#held.set(owner, held)
    if (!before) this.#makeRoom()
    return held
  }

  /** Base, crossing and tint are held in one frame and stay, however large they are. */
  #makeRoom(): void {
    let bytes = 0
    for (const held of this.#held.values()) bytes += held.bytes
    for (const [owner, held] of this.#held) {
      if (bytes <= gpuBytes || this.#held.size <= 3) return
      bytes -= held.bytes
      this.#held.delete(owner)
      free(held)
    }
  }

  dispose(): void {
    for (const held of this.#held.values()) free(held)
    this.#held.clear()
  }
}

/** How far rays may leap, for what is drawn of the grid now. */
export function spaceIn(bricks: BricksOnGpu, drawn: Drawn): Data3DTexture {
  const of = JSON.stringify(drawn)
  if (bricks.space && bricks.spaceOf === of) return bricks.space
  const pairs = emptySpace(bricks.levels.coarse, drawn)
  if (bricks.space) {
    bricks.space.image.data = pairs
    bricks.space.needsUpdate = true
  } else bricks.space = pairTexture(pairs, bricks.levels.coarse.count)
  bricks.spaceOf = of
  return bricks.space
}

function nothingSent(texture: Data3DTexture): Held {
  return { texture, coded: false, bricks: null, finding: new AbortController(), bytes: 0, voxels: null }
}

function onGpu(levels: BrickLevels): BricksOnGpu {
  const { fine, coarse } = levels
  return { levels, fine: brickTexture(fine), coarse: brickTexture(coarse), space: null, spaceOf: '' }
}

function free({ texture, bricks, finding }: Held): void {
  finding.abort()
  texture.dispose()
  bricks?.fine.dispose()
  bricks?.coarse.dispose()
  bricks?.space?.dispose()
}
