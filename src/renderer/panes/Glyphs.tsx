import type { ReactNode } from 'react'
import type { Box } from '../../shared/axes.ts'
import { toPane, voxelMiddle, type PaneTransform } from '../geometry/paneTransform.ts'
import { scaleBar } from '../geometry/scaleBar.ts'
import type { View } from '../stores/view.ts'

/** Room around the voxel looked at, so that it stays visible. */
const gap = 8

/**
 * Thin lines through the voxel looked at. Each is an element of its own that only moves, so that a step through another plane neither
 * paints it anew nor blends a picture's whole area.
 */
export function Crosshair({ transform, view }: { transform: PaneTransform; view: View }) {
  const { x, y } = toPane(transform, voxelMiddle(view.cursor))
  const { width, height } = transform
  const [column, row] = [Math.floor(x) - 1, Math.floor(y) - 1]
  const across = (from: number, to: number) => (
    <i data-line="across" style={{ width: Math.max(0, to - from), transform: `translate(${from}px, ${row}px)` }} />
  )
  const upright = (from: number, to: number) => (
    <i data-line="upright" style={{ height: Math.max(0, to - from), transform: `translate(${column}px, ${from}px)` }} />
  )
  return (
    <div className="crosshair" data-x={x} data-y={y} aria-hidden="true">
      {across(0, x - gap)}
      {across(x + gap, width)}
      {upright(0, y - gap)}
      {upright(y + gap, height)}
    </div>
  )
}

export function ScaleBarGlyph({ transform, view }: { transform: PaneTransform; view: View }) {
  const { right } = transform.axes
  const voxelsPerPixel = 1 / transform.pixelsPerVoxel[right]
  const angstromPerPixel = view.voxelSizeAngstrom ? view.voxelSizeAngstrom[right] * voxelsPerPixel : null
  const bar = scaleBar(angstromPerPixel, voxelsPerPixel, Math.min(140, transform.width * 0.4))
  if (!bar) return null
  const y = scaleBarHeight - 12
  // As large as it is, for the same reason as the crosshair's lines.
  const size = { width: Math.max(bar.pixels + 24, 140), height: scaleBarHeight }
  return (
    <svg
      className="glyphs scale-bar"
      {...size}
      style={{ top: transform.height - scaleBarHeight }}
      data-length={bar.label}
      data-pixels={bar.pixels}
      aria-hidden="true"
    >
      <path className="halo" d={`M12 ${y}h${bar.pixels}`} />
      <path d={`M12 ${y}h${bar.pixels}`} />
      <text x={12} y={y - 7}>
        {bar.label}
      </text>
    </svg>
  )
}

const scaleBarHeight = 40

/** A corner of the picture with its coordinates; for what needs no more of it. */
export function LowerRightGlyph({ transform, children }: { transform: PaneTransform; children: ReactNode }) {
  const side = 72
  const [left, top] = [transform.width - side, transform.height - side]
  return (
    <svg
      className="glyphs"
      width={side}
      height={side}
      viewBox={`${left} ${top} ${side} ${side}`}
      style={{ left, top }}
      aria-hidden="true"
    >
      {children}
    </svg>
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
