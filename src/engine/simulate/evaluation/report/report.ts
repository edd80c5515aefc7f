import { formatBox } from '../../../../shared/axes.ts'
import { methods } from '../../../../shared/methods.ts'
import { element, escaped } from './markup.ts'
import { levels } from '../coverage.ts'
import type { EvaluationInput } from '../evaluate.ts'
import type { Evaluation } from '../evaluation.ts'
import { meanOf } from '../scores.ts'
import { coveragePlot, rankPlot, shellPlot, spreadPlot } from './plots.ts'
import { robustRange, slicePicture } from './slices.ts'

/** One run's part of a report; the volumes are for the pictures. */
export interface Reported {
  readonly evaluation: Evaluation
  readonly input: EvaluationInput
}

/** An HTML document that needs nothing but itself: plots are inline SVG, pictures data URIs, no script. */
export function reportHtml(runs: readonly Reported[], programVersion: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Evaluation against a known truth</title>
<style>${style}</style>
</head>
<body>
<h1>Evaluation against a known truth</h1>
<p>Wedgeview ${escaped(programVersion)}. Formulas: docs/evaluation.md of the program.</p>
${runs.map(section).join('\n')}
</body>
</html>
`
}

/** What is written on the page; the pictures of a run are taken from its volumes. */
function section({ evaluation, input }: Reported): string {
  const { run, truth, method, roi, warnings, effectiveDraws, members, measuredFraction } = evaluation
  const facts = [
    ['run', run],
    ['truth', truth],
    ['method', methods[method].name],
    ['region (x, y, z)', formatBox(roi)],
    [
      'assumed wedge',
      `${input.wedge.tiltMin}° to ${input.wedge.tiltMax}°, tilt axis ${input.wedge.tiltAxis}, measured fraction ${fixed(measuredFraction)}`
    ],
    ...(evaluation.coverage
      ? [['family', `${members} members; maps worth ${effectiveDraws === null ? '∞' : fixed(effectiveDraws, 1)} draws`]]
      : [])
  ]
  return [
    element('h2', {}, escaped(methods[method].name)),
    table([], facts),
    ...warnings.map(({ message }) => element('p', { class: 'note' }, escaped(`Note: ${message}`))),
    pictures(input),
    '<h3>Agreement with the truth</h3>',
    volumeTable(evaluation),
    ...familyTables(evaluation),
    `<div class="plots">${[...shellPlot(evaluation), ...coveragePlot(evaluation), ...rankPlot(evaluation), ...spreadPlot(evaluation)].join('')}</div>`
  ].join('\n')
}

function pictures({ truth, others, result, size }: EvaluationInput): string {
  const range = robustRange(truth)
  const isFamily = 'family' in result
  const estimate = isFamily ? result.family.mean : result.map
  const error = estimate.map((value, i) => Math.abs(value - truth[i]))
  const errorRange = { low: 0, high: robustRange(error).high }
  const shown = [
    { name: 'truth', values: truth, ...range },
    ...others.map(({ name, values }) => ({ name, values, ...robustRange(values) })),
    { name: isFamily ? 'mean' : 'map', values: estimate, ...range },
    { name: '|error|', values: error, ...errorRange },
    ...(isFamily
      ? [{ name: 'SD', values: result.family.variance.map((value) => Math.sqrt(Math.max(0, value))), ...errorRange }]
      : [])
  ]
  return `<div class="plots">${shown.map((each) => slicePicture(each, size)).join('')}</div>`
}

function volumeTable({ volumes }: Evaluation): string {
  const members = volumes.filter(({ name }) => name.startsWith('member'))
  const shown = volumes.filter(({ name }) => !name.startsWith('member') || name === 'member 1')
  const rows = shown.map(({ name, mse, correlation, wedgeCorrelation }) => [
    name,
    mse.toPrecision(4),
    fixed(correlation),
    fixed(wedgeCorrelation)
  ])
  if (members.length > 1)
    rows.push([
      `${members.length} members, on average`,
      meanOf(members.map(({ mse }) => mse)).toPrecision(4),
      fixed(meanOf(members.map(({ correlation }) => correlation ?? 0))),
      fixed(meanOf(members.map(({ wedgeCorrelation }) => wedgeCorrelation ?? 0)))
    ])
  return table(['', 'MSE', 'correlation', 'in the wedge'], rows)
}

function familyTables(evaluation: Evaluation): string[] {
  const { coverage, coverageWedge, coverageMeasured, intervals } = evaluation
  if (!coverage || !coverageWedge || !coverageMeasured || !intervals) return []
  return [
    '<h3>Honesty of the spread</h3>',
    table(
      ['', 'all', 'in the wedge', 'measured', 'honest'],
      [
        ...levels.map((level) => [
          `coverage of ${level} % intervals (from ${intervals[level] === 'members' ? 'members' : 'mean and SD'})`,
          fixed(coverage[level]),
          fixed(coverageWedge[level]),
          fixed(coverageMeasured[level]),
          fixed(Number(level) / 100)
        ]),
        [
          'chi-square',
          fixed(evaluation.chiSquare),
          fixed(evaluation.chiSquareWedge),
          fixed(evaluation.chiSquareMeasured),
          '1'
        ],
        [
          `CRPS (from ${evaluation.crpsFrom === 'members' ? 'members' : 'mean and SD'})`,
          significant(evaluation.crps),
          significant(evaluation.crpsWedge),
          significant(evaluation.crpsMeasured),
          'small'
        ],
        [
          '|error|-SD correlation',
          fixed(evaluation.errorSdCorrelation),
          fixed(evaluation.errorSdCorrelationWedge),
          fixed(evaluation.errorSdCorrelationMeasured),
          'above 0'
        ]
      ]
    ),
    table(
      ['', 'wedge : measured'],
      [
        ['variance of the family', fixed(evaluation.wedgeVarianceRatio)],
        ['squared error of the mean (honest: the same)', fixed(evaluation.wedgeErrorRatio)],
        ['members’ MSE over the mean’s (honest: about 2)', fixed(evaluation.memberErrorRatio)]
      ]
    )
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[], tag: string): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  const top = head.length > 0 ? `<thead>${row(head, 'th')}</thead>` : ''
  return `<table>${top}<tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`
}

function fixed(value: number | null, digits = 3): string {
  return value === null ? 'not defined' : value.toFixed(digits)
}

function significant(value: number | null): string {
  return value === null ? 'not defined' : value.toPrecision(4)
}

const style = `
body { font: 13px/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 1180px; margin: 24px auto; padding: 0 16px; }
h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 32px; border-top: 1px solid #ccc; padding-top: 16px; } h3 { font-size: 13px; }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums; }
td, th { border-bottom: 1px solid #e4e4e4; padding: 2px 14px 2px 0; text-align: left; overflow-wrap: anywhere; }
.plots { display: flex; flex-wrap: wrap; gap: 12px; } figure { margin: 0; } figcaption { font-size: 11px; }
img { image-rendering: pixelated; display: block; } .note { color: #7a4b00; }
svg { font-family: system-ui, sans-serif; }`
