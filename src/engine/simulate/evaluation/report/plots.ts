import { levels, type ByLevel } from '../coverage.ts'
import type { Evaluation } from '../evaluation.ts'
import type { Shell } from '../fourier-shells.ts'
import { plot, type Series } from './plot.ts'

/** FSC of every kind of volume against the truth, over all, unmeasured and measured frequencies. */
export function shellPlot({ volumes }: Evaluation): string[] {
  const shown = volumes.filter(({ name }) => !name.startsWith('member') || name === 'member 1')
  const curves = (title: string, of: (volume: Evaluation['volumes'][number]) => readonly Shell[]): string =>
    plot({
      title,
      xLabel: 'spatial frequency (1 / voxel)',
      yLabel: 'Fourier shell correlation',
      xRange: [0, 0.5],
      yRange: [-0.2, 1],
      series: shown.map((volume) => ({ name: volume.name, points: points(of(volume)) }))
    })
  return [
    curves('FSC against the truth', ({ fsc }) => fsc),
    curves('FSC in the missing wedge', ({ fscWedge }) => fscWedge),
    curves('FSC in the measured region', ({ fscMeasured }) => fscMeasured)
  ]
}

function points(shells: readonly Shell[]): Series['points'] {
  return shells.flatMap(({ cyclesPerVoxel, correlation }) =>
    correlation === null ? [] : [{ x: cyclesPerVoxel, y: Math.max(-0.2, correlation) }]
  )
}

export function coveragePlot({ coverage, coverageWedge, coverageMeasured }: Evaluation): string[] {
  if (!coverage || !coverageWedge || !coverageMeasured) return []
  const series = (name: string, values: ByLevel<number>): Series => ({
    name,
    points: levels.map((level) => ({ x: Number(level) / 100, y: values[level] }))
  })
  return [
    plot({
      title: 'Coverage of central intervals',
      xLabel: 'nominal',
      yLabel: 'share of voxels inside',
      xRange: [0.4, 1],
      yRange: [0, 1],
      series: [series('all', coverage), series('wedge', coverageWedge), series('measured', coverageMeasured)],
      reference: [
        { x: 0.4, y: 0.4 },
        { x: 1, y: 1 }
      ]
    })
  ]
}

export function rankPlot({ ranks }: Evaluation): string[] {
  if (!ranks) return []
  const count = ranks.all.length
  const series = (name: string, counts: readonly number[]): Series => {
    const total = counts.reduce((sum, value) => sum + value, 0)
    return { name, points: counts.map((value, rank) => ({ x: rank, y: value / total })) }
  }
  const all = [series('all', ranks.all), series('wedge', ranks.wedge), series('measured', ranks.measured)]
  const highest = Math.max(...all.flatMap(({ points: each }) => each.map(({ y }) => y)), 1 / count)
  return [
    plot({
      title: 'Rank of the truth among the members',
      xLabel: 'members below the truth',
      yLabel: 'share of voxels',
      xRange: [-0.5, count - 0.5],
      yRange: [0, 1.35 * highest],
      series: all,
      style: 'bars',
      reference: [
        { x: -0.5, y: 1 / count },
        { x: count - 0.5, y: 1 / count }
      ]
    })
  ]
}

export function spreadPlot({ spread }: Evaluation): string[] {
  if (!spread) return []
  const most = Math.max(...spread.flatMap(({ sd, error }) => [sd, error])) || 1
  return [
    plot({
      title: 'Error where the SD is large or small',
      xLabel: 'posterior SD (groups of equal number)',
      yLabel: 'RMS error of the mean',
      xRange: [0, most],
      yRange: [0, most],
      series: [{ name: 'voxels by SD', points: spread.map(({ sd, error }) => ({ x: sd, y: error })) }],
      reference: [
        { x: 0, y: 0 },
        { x: most, y: most }
      ]
    })
  ]
}
