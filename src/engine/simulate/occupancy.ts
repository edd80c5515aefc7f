import type { XYZ } from '../../shared/axes.ts'
import type { Drawn } from './canvas.ts'
import type { Frame } from './frame.ts'

/** A voxel belongs to an object where the object's density exceeds this, in units of the mean inside a protein. */
export const supportDensity = 0.1

/** Which voxels are taken. Objects keep a voxel's distance from each other, also across corners. */
export class Occupancy {
  readonly #size: XYZ
  readonly #voxel: number
  readonly #taken: Uint8Array
  #filled = 0

  constructor({ size, voxelSizeAngstrom }: Frame) {
    this.#size = size
    this.#voxel = voxelSizeAngstrom
    this.#taken = new Uint8Array(size.x * size.y * size.z)
  }

  /** Share of the box that objects fill, without the distance between them. */
  get filledFraction(): number {
    return this.#filled / this.#taken.length
  }

  isFree({ indices, values }: Drawn): boolean {
    for (let n = 0; n < indices.length; n++)
      if (values[n] > supportDensity && this.#taken[indices[n]] !== 0) return false
    return true
  }

  /** Whether a position, in angstrom, is outside the box or not taken. */
  isFreeAt(x: number, y: number, z: number): boolean {
    const { x: nx, y: ny, z: nz } = this.#size
    const i = Math.round(x / this.#voxel)
    const j = Math.round(y / this.#voxel)
    const k = Math.round(z / this.#voxel)
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) return true
    return this.#taken[(k * ny + j) * nx + i] === 0
  }

  take({ indices, values }: Drawn): void {
    const { x: nx, y: ny, z: nz } = this.#size
    for (let n = 0; n < indices.length; n++) {
      if (!(values[n] > supportDensity)) continue
      this.#filled++
      const i = indices[n] % nx
      const j = Math.floor(indices[n] / nx) % ny
      const k = Math.floor(indices[n] / (nx * ny))
      for (let z = Math.max(0, k - 1); z <= Math.min(nz - 1, k + 1); z++)
        for (let y = Math.max(0, j - 1); y <= Math.min(ny - 1, j + 1); y++)
          for (let x = Math.max(0, i - 1); x <= Math.min(nx - 1, i + 1); x++) this.#taken[(z * ny + y) * nx + x] = 1
    }
  }
}
