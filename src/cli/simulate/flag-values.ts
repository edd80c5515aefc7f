import { InvalidArgumentError } from 'commander'
import type { Contents } from '../../engine/simulate/scene.ts'
import { contentKinds, type ContentKind } from '../../engine/simulate/recipe.ts'
import type { XYZ } from '../../shared/axes.ts'

/** `NX,NY,NZ` in voxels. */
export function parseSize(text: string): XYZ {
  const [x, y, z, ...rest] = text.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN))
  if (rest.length === 0 && x > 0 && y > 0 && z > 0) return { x, y, z }
  throw new InvalidArgumentError('It must be NX,NY,NZ in voxels, for example 128,128,64.')
}

export function parsePositive(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a positive number.')
}

export function parseSeed(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value
  throw new InvalidArgumentError('It must be a whole number from 0 to 4294967295.')
}

const mostOfAKind = 100_000

/** `KIND` or `KIND=N`, separated by commas. */
export function parseContents(text: string): Contents {
  const contents = new Map<ContentKind, number | null>()
  for (const part of text.split(',')) {
    const match = /^\s*([a-z-]+)\s*(?:=\s*(\d+))?\s*$/.exec(part)
    const kind = contentKinds.find((each) => each === match?.[1])
    const number = match?.[2] === undefined ? null : Number(match[2])
    if (kind === undefined || (number ?? 0) > mostOfAKind)
      throw new InvalidArgumentError(`"${part}" must be KIND or KIND=N, with KIND one of ${contentKinds.join(', ')}.`)
    contents.set(kind, number)
  }
  return contents
}
