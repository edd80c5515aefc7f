import type { Data3DTexture } from 'three'
import type { XYZ } from '../../shared/axes.ts'
import { brickTexture, gridTexture } from './blockTexture.ts'
import { findBricks } from './bricks.ts'

/** Values on a grid: of a block one a texel, of crossing cells two. */
export interface GridValues {
  data: Float32Array
  size: XYZ
  channels: 1 | 2
}

/** What rays need of a grid. */
export interface GridOnGpu {
  texture: Data3DTexture
  /** Null until they are known. */
  bricks: { fine: Data3DTexture; coarse: Data3DTexture } | null
}

interface Held extends GridOnGpu {
  finding: AbortController
  bytes: number
}

/** As much as members that play may keep there, so that none is sent twice. */
const gpuBytes = 1 << 29

/** Textures of what is drawn and of what was drawn lately, and their bricks once they are known. */
export class BlocksOnGpu {
  /** By what they were made of, the one drawn last at the end. */
  readonly #held = new Map<object, Held>()
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  /** @param owner what the values belong to: the same owner has the same texture */
  hold(owner: object, values: GridValues, canInterpolate: boolean): GridOnGpu {
    const before = this.#held.get(owner)
    const held = before ?? this.#made(values, canInterpolate)
    this.#held.delete(owner)
    this.#held.set(owner, held)
    if (!before) this.#makeRoom()
    return held
  }

  #made({ data, size, channels }: GridValues, canInterpolate: boolean): Held {
    const finding = new AbortController()
    const texture = gridTexture(data, size, channels, canInterpolate)
    const held: Held = { texture, bricks: null, finding, bytes: data.byteLength }
    void findBricks(data, size, finding.signal, channels).then((bricks) => {
      if (!bricks || finding.signal.aborted) return
      // Bricks change how fast rays are, not what they find: the picture stays.
      held.bricks = { fine: brickTexture(bricks.fine), coarse: brickTexture(bricks.coarse) }
      this.#onChange()
    })
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

function free({ texture, bricks, finding }: Held): void {
  finding.abort()
  texture.dispose()
  bricks?.fine.dispose()
  bricks?.coarse.dispose()
}
