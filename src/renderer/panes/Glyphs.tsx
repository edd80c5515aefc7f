import type { Box } from '../../shared/axes.ts'
import { toPane, voxelMiddle, type PaneTransform } from '../geometry/paneTransform.ts'
import { scaleBar } from '../geometry/scaleBar.ts'
import type { View } from '../stores/view.ts'

/** Thin lines through the voxel looked at, with a gap so that the voxel itself stays visible. */
export function Crosshair({ transform, view }: { transform: PaneTransform; view: View }) {
  const { x, y } = toPane(transform, voxelMiddle(view.cursor))
  const gap = 8
  const { width, height } = transform
  const at = `M0 ${y}H${Math.max(0, x - gap)}M${Math.min(width, x + gap)} ${y}H${width}M${x} 0V${Math.max(0, y - gap)}M${x} ${Math.min(height, y + gap)}V${height}`
  return (
    <g className="crosshair" data-x={x} data-y={y}>
      <path className="halo" d={at} />
      <path d={at} />
    </g>
  )
}

export function ScaleBarGlyph({ transform, view }: { transform: PaneTransform; view: View }) {
  const { right } = transform.axes
  const voxelsPerPixel = 1 / transform.pixelsPerVoxel[right]
  const angstromPerPixel = view.voxelSizeAngstrom ? view.voxelSizeAngstrom[right] * voxelsPerPixel : null
  const bar = scaleBar(angstromPerPixel, voxelsPerPixel, Math.min(140, transform.width * 0.4))
  if (!bar) return null
  const y = transform.height - 12
  return (
    <g className="scale-bar" data-length={bar.label} data-pixels={bar.pixels}>
      <path className="halo" d={`M12 ${y}h${bar.pixels}`} />
      <path d={`M12 ${y}h${bar.pixels}`} />
      <text x={12} y={y - 7}>
        {bar.label}
      </text>
    </g>
  )
}

/** Where a map's region lies in a pane that shows only part of it. */
export function RegionOutline({ transform, box }: { transform: PaneTransform; box: Box }) {
  const rectangle = rectangleOf(transform, box)
  return <rect className="map-outline" {...rectangle} />
}

export function rectangleOf(
  transform: PaneTransform,
  box: Box
): { x: number; y: number; width: number; height: number } {
  const corner = (side: 0 | 1) => toPane(transform, { x: box.x[side], y: box.y[side], z: box.z[side] })
  const low = corner(0)
  const high = corner(1)
  return { x: low.x, y: high.y, width: high.x - low.x, height: low.y - high.y }
}
