import type { Xyz } from 'mrc-js'
import { angstromPerUnit } from './length-units.ts'

/** What a TIFF's first page says, as far as it concerns a volume. */
export interface TiffTags {
  description: string | undefined
  xResolution: number | undefined
  yResolution: number | undefined
  /** 2 inch, 3 centimetre. */
  resolutionUnit: number | undefined
  pages: number
}

export interface TiffVolume {
  sections: number
  /** Page of the first channel and time point of section z is z times this. */
  pagesPerSection: number
  voxelSizeAngstrom: Xyz | null
  /** ImageJ writes stacks over 4 GB as one page followed by the others' voxels without a page entry. */
  contiguous: boolean
  /** Set where only the first of several channels or time points is read. */
  several: string | undefined
}

/** Pixels outside this range are screen or scanner resolutions, not microscopy. */
const smallestPixelAngstrom = 0.01
const largestPixelAngstrom = 1e5

/** Reads the meaning of ImageJ, OME and plain TIFF tags. */
export function describeTiff(tags: TiffTags): TiffVolume {
  const text = tags.description ?? ''
  if (text.startsWith('ImageJ=')) return describeImageJ(tags, text)
  if (text.includes('<OME')) return describeOme(tags, text)
  const pixelX = resolutionPixel(tags.xResolution, tags.resolutionUnit)
  const pixelY = resolutionPixel(tags.yResolution, tags.resolutionUnit) ?? pixelX
  return {
    sections: tags.pages,
    pagesPerSection: 1,
    voxelSizeAngstrom: pixelX && pixelY ? { x: pixelX, y: pixelY, z: pixelX } : null,
    contiguous: false,
    several: undefined
  }
}

function describeImageJ(tags: TiffTags, text: string): TiffVolume {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const [key, ...rest] = line.split('=')
      return [key.trim(), rest.join('=').trim()]
    })
  )
  const count = (key: string): number => {
    const value = Number(fields.get(key) ?? 1)
    return Number.isInteger(value) && value > 0 ? value : 1
  }
  const images = count('images')
  const [channels, frames] = [count('channels'), count('frames')]
  const contiguous = tags.pages === 1 && images > 1
  const pages = contiguous ? images : tags.pages
  const unit = angstromPerUnit(fields.get('unit'))
  const inverse = (resolution: number | undefined): number | null =>
    unit !== undefined && resolution !== undefined ? believable(unit / resolution) : null
  const pixelX = inverse(tags.xResolution)
  const pixelY = inverse(tags.yResolution) ?? pixelX
  const spacing = Number(fields.get('spacing'))
  const depth = unit !== undefined && spacing > 0 ? believable(spacing * unit) : pixelX
  // ImageJ orders pages channel first, then slice, then frame. Only a stack that says so has slices; else time is depth.
  const sliced = fields.has('slices') || fields.has('channels')
  const sections = sliced && channels * count('slices') * frames <= pages ? count('slices') : pages
  const first = sections < pages && (channels > 1 || frames > 1)
  const frameStack = first && sections === 1 && channels === 1
  return {
    sections: frameStack ? frames : sections,
    pagesPerSection: frameStack ? 1 : channels,
    voxelSizeAngstrom: pixelX && pixelY && depth ? { x: pixelX, y: pixelY, z: depth } : null,
    contiguous,
    several: first && !frameStack ? `${channels} channels and ${frames} time points` : undefined
  }
}

function describeOme(tags: TiffTags, text: string): TiffVolume {
  const attribute = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1]
  const count = (name: string): number => {
    const value = Number(attribute(name) ?? 1)
    return Number.isInteger(value) && value > 0 ? value : 1
  }
  const sizes = { Z: count('SizeZ'), C: count('SizeC'), T: count('SizeT') }
  const order = attribute('DimensionOrder') ?? 'XYZCT'
  let pagesPerSection = 1
  for (const axis of order.slice(2, order.indexOf('Z'))) pagesPerSection *= axis === 'C' ? sizes.C : sizes.T
  const fits = sizes.Z * pagesPerSection <= tags.pages
  const length = (axis: string): number | null => {
    const value = Number(attribute(`PhysicalSize${axis}`))
    const unit = angstromPerUnit(attribute(`PhysicalSize${axis}Unit`) ?? 'µm')
    return value > 0 && unit !== undefined ? believable(value * unit) : null
  }
  const pixelX = length('X')
  const pixelY = length('Y') ?? pixelX
  const depth = length('Z') ?? pixelX
  return {
    sections: fits ? sizes.Z : tags.pages,
    pagesPerSection: fits ? pagesPerSection : 1,
    voxelSizeAngstrom: pixelX && pixelY && depth ? { x: pixelX, y: pixelY, z: depth } : null,
    contiguous: false,
    several: fits && sizes.C * sizes.T > 1 ? `${sizes.C} channels and ${sizes.T} time points` : undefined
  }
}

function resolutionPixel(resolution: number | undefined, unit: number | undefined): number | null {
  if (resolution === undefined || unit !== 3) return null
  return believable(1e8 / resolution)
}

function believable(angstrom: number): number | null {
  return angstrom >= smallestPixelAngstrom && angstrom <= largestPixelAngstrom ? angstrom : null
}
