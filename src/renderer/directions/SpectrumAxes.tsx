import type { Axis, XYZ } from '../../shared/axes.ts'
import { frequencyPoint, frequencyTicks, type SpectrumFrame } from '../../shared/spectrum-geometry.ts'

interface SpectrumAxesProps {
  frame: SpectrumFrame
  column: Axis
  row: Axis
  voxelSizeAngstrom: XYZ | null
}

/** k axes in 1/nm (cycles per voxel where the voxel size is not known), drawn outside the picture. */
export function SpectrumAxes({ frame, column, row, voxelSizeAngstrom }: SpectrumAxesProps) {
  const { edge } = frame
  const unit = voxelSizeAngstrom ? '1/nm' : 'cycles per voxel'
  const right = frequencyTicks(voxelSizeAngstrom?.[column] ?? null).map((tick) => ({
    ...tick,
    at: frequencyPoint(frame, tick.cycles, 0).x
  }))
  const up = frequencyTicks(voxelSizeAngstrom?.[row] ?? null).map((tick) => ({
    ...tick,
    at: frequencyPoint(frame, 0, tick.cycles).y
  }))
  const inside = ({ at }: { at: number }): boolean => at >= -0.5 && at <= edge + 0.5
  return (
    <g className="spectrum-axes">
      {right.filter(inside).map(({ label, at }) => (
        <g key={label}>
          <path d={`M${at} ${edge}v5`} />
          <text x={at} y={edge + 17} textAnchor="middle">
            {label}
          </text>
        </g>
      ))}
      {up.filter(inside).map(({ label, at }) => (
        <g key={label}>
          <path d={`M0 ${at}h-5`} />
          <text x={-8} y={at + 4} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      <text x={edge / 2} y={edge + 33} textAnchor="middle" data-axis="right">
        k{column} ({unit})
      </text>
      <text transform={`translate(-40 ${edge / 2}) rotate(-90)`} textAnchor="middle" data-axis="up">
        k{row} ({unit})
      </text>
    </g>
  )
}
