import { useEffect, useRef } from 'react'
import { planeAxes, type Plane } from '../../shared/axes.ts'
import { colourIndex, colourTable, shareOfRange } from '../../shared/colour-maps.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import type { Slice } from '../api/sliceCache.ts'
import { useFetched } from '../api/useFetched.ts'
import { sliceCache } from '../slices/sliceLayers.ts'
import { displayOf, drawnRange, useContrast, type Display } from '../stores/contrast.ts'

interface MemberThumbnailProps {
  member: OpenVolume
  tomogram: OpenVolume
  plane: Plane
  transposed: boolean
  /** In the member's own voxels. */
  index: number
  /** Filters and preview, as a query. */
  filters: string
}

/** One slice of a member in the panes' contrast. */
export function MemberThumbnail({ member, tomogram, plane, transposed, index, filters }: MemberThumbnailProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const contrast = useContrast()
  const display = displayOf(contrast, member, tomogram)
  const { id: volumeId, revision } = member
  const key = `${volumeId}:${revision}:${plane}:${index}${filters}`
  const { value, key: shown } = useFetched(key, () => sliceCache.get({ volumeId, revision, plane, index, filters }))
  const { low, high, gamma, invert, colourMap } = display
  useEffect(() => {
    const look = { low, high, gamma, invert, colourMap, auto: false }
    if (canvas.current && value) paint(canvas.current, value, transposed, look)
  }, [value, transposed, low, high, gamma, invert, colourMap])
  const { column, row } = planeAxes[plane]
  const voxel = member.info.voxelSizeAngstrom ?? { x: 1, y: 1, z: 1 }
  const width = member.info.size[column] * voxel[column]
  const height = member.info.size[row] * voxel[row]
  const aspect = transposed ? height / width : width / height
  return (
    <canvas
      ref={canvas}
      className="member-picture"
      style={{ aspectRatio: String(aspect) }}
      data-settled={shown === key}
      data-low={low}
      data-high={high}
      aria-hidden="true"
    />
  )
}

/** Row 0 at the bottom; transposed, rows run to the right. */
function paint(canvas: HTMLCanvasElement, slice: Slice, transposed: boolean, display: Display): void {
  const { rows, columns, values } = slice
  const width = transposed ? rows : columns
  const height = transposed ? columns : rows
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  const image = context.createImageData(width, height)
  const table = colourTable(display.colourMap)
  const range = drawnRange(display)
  for (let up = 0; up < height; up++)
    for (let right = 0; right < width; right++) {
      const value = transposed ? values[right * columns + up] : values[up * columns + right]
      const at = Number.isFinite(value) ? colourIndex(shareOfRange(value, range, display.gamma)) * 4 : 0
      image.data.set(table.subarray(at, at + 4), ((height - 1 - up) * width + right) * 4)
    }
  context.putImageData(image, 0, 0)
}
