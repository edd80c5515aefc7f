import { InvalidArgumentError } from 'commander'
import { axisSchema, parseBox, type Axis, type Box } from '../../shared/axes.ts'
import { methodIds, methodIdSchema, type MethodId } from '../../shared/methods.ts'

/** `A:B` in degrees, either of which may be negative. */
export function parseTiltRange(text: string): { tiltMin: number; tiltMax: number } {
  const parts = text.split(':')
  const [tiltMin, tiltMax] = parts.map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  const valid = parts.length === 2 && tiltMin >= -90 && tiltMax <= 90 && tiltMin < tiltMax
  if (valid) return { tiltMin, tiltMax }
  throw new InvalidArgumentError('It must be A:B in degrees with -90 <= A < B <= 90, for example -60:60.')
}

export function parseAxis(text: string): Axis {
  const axis = axisSchema.safeParse(text)
  if (axis.success) return axis.data
  throw new InvalidArgumentError('It must be x, y or z.')
}

export function parseRegion(text: string): Box {
  const box = parseBox(text)
  if (box) return box
  throw new InvalidArgumentError('It must be x0:x1,y0:y1,z0:z1 in voxels, half-open, for example 0:64,20:84,0:36.')
}

/** One or several methods, separated by commas; each is run once. */
export function parseMethods(text: string): MethodId[] {
  const names = text.split(',').map((name) => name.trim())
  return [...new Set(names)].map((name) => {
    const method = methodIdSchema.safeParse(name)
    if (method.success) return method.data
    throw new InvalidArgumentError(`"${name}" is not one of ${methodIds.join(', ')}.`)
  })
}

export function parseThreads(text: string): number {
  const threads = Number(text)
  if (Number.isInteger(threads) && threads >= 1) return threads
  throw new InvalidArgumentError('It must be a whole number of at least 1.')
}

/** The two half tomograms, separated by a comma. */
export function parseHalfMaps(text: string): [even: string, odd: string] {
  const paths = text.split(',').map((path) => path.trim())
  if (paths.length === 2 && paths.every((path) => path !== '')) return [paths[0], paths[1]]
  throw new InvalidArgumentError('It must be two files separated by a comma: EVEN,ODD.')
}
