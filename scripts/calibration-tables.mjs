// Turns the evaluations of calibration.mjs into the tables of docs/calibration.md.

const average = (values) => values.reduce((a, b) => a + b, 0) / values.length

/** Mean and its standard error over boxes; boxes that have no such number are left out. */
function summary(values, digits) {
  const known = values.filter((value) => typeof value === 'number' && Number.isFinite(value))
  if (known.length === 0) return '–'
  const mean = average(known)
  if (known.length === 1) return mean.toFixed(digits)
  const spread = Math.sqrt(average(known.map((value) => (value - mean) ** 2)) / (known.length - 1))
  return `${mean.toFixed(digits)} ± ${spread.toFixed(digits)}`
}

const volume = (evaluation, name) => evaluation.volumes.find((one) => one.name === name)
const raw = (row) => volume(row.encoder, 'tomogram')

/** Every reconstruction of the tables: a name and where its point scores are. */
const estimates = [
  ['raw tomogram', raw],
  ['Wiener (gaussian bundle)', (row) => row.linear],
  ['encoder alone: CryoGEN-II', (row) => row.encoder],
  ['MAP: CryoGEN-I', (row) => row.map],
  ['mean: CryoWGEN-I', (row) => row.weighted],
  ['one member: CryoWGEN-I', (row) => volume(row.weighted, 'member 1')],
  ['mean: CryoWGEN-II', (row) => row.sampled],
  ['one member: CryoWGEN-II', (row) => volume(row.sampled, 'member 1')]
]

const families = [
  ['CryoWGEN-I', (row) => row.weighted],
  ['CryoWGEN-II', (row) => row.sampled]
]

function table(head, lines) {
  const rule = head.map(() => '---')
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Mean Fourier shell correlation over the shells whose radius lies in a range, in cycles per voxel. */
function shells(found, from, to) {
  const inside = (found ?? []).filter(
    ({ cyclesPerVoxel: k, correlation }) => k > from && k <= to && correlation !== null
  )
  return inside.length > 0 ? average(inside.map(({ correlation }) => correlation)) : null
}

function points(rows) {
  const lines = estimates.map(([name, pick]) => {
    const of = (score) => rows.map((row) => (pick(row) ? score(pick(row), row) : null))
    return [
      name,
      summary(
        of((one, row) => one.mse / raw(row).mse),
        3
      ),
      summary(
        of((one) => one.correlation),
        3
      ),
      summary(
        of((one) => one.wedgeCorrelation),
        3
      ),
      summary(
        of((one) => shells(one.fscWedge, 0, 0.1)),
        2
      ),
      summary(
        of((one) => shells(one.fscWedge, 0.1, 0.25)),
        2
      ),
      summary(
        of((one) => shells(one.fscMeasured, 0, 0.1)),
        2
      ),
      summary(
        of((one) => shells(one.fscMeasured, 0.1, 0.25)),
        2
      )
    ]
  })
  const bands = ['FSC in wedge, to 0.1', '0.1 to 0.25', 'FSC measured, to 0.1', '0.1 to 0.25']
  return table(['', 'MSE / raw', 'correlation', 'in the wedge', ...bands], lines)
}

function coverage(rows) {
  const levels = ['50', '80', '90', '95']
  const regions = [
    ['all', 'coverage'],
    ['wedge', 'coverageWedge'],
    ['measured', 'coverageMeasured']
  ]
  const lines = families.flatMap(([name, pick]) =>
    regions.map(([region, key]) => [
      name,
      region,
      ...levels.map((level) =>
        summary(
          rows.map((row) => pick(row)[key]?.[level]),
          3
        )
      )
    ])
  )
  return table(['', 'part', ...levels.map((level) => `${level} %`)], lines)
}

function spreads(rows) {
  const columns = [
    ['chi-square (1)', (one) => one.chiSquare],
    ['\\|error\\|-SD correlation', (one) => one.errorSdCorrelation],
    ['the same in the wedge', (one) => one.errorSdCorrelationWedge],
    ['variance, wedge : measured', (one) => one.wedgeVarianceRatio],
    ['error, wedge : measured', (one) => one.wedgeErrorRatio],
    ["members' MSE / mean's", (one) => one.memberErrorRatio],
    ['effective draws', (one) => one.effectiveDraws]
  ]
  const lines = families.map(([name, pick]) => [
    name,
    ...columns.map(([, score]) =>
      summary(
        rows.map((row) => score(pick(row))),
        2
      )
    ),
    summary(
      rows.map((row) => pick(row).crps / Math.sqrt(raw(row).mse)),
      3
    )
  ])
  return table(['', ...columns.map(([name]) => name), "CRPS / raw's RMS error"], lines)
}

/** All tables, for each signal-to-noise ratio by itself. */
export function calibrationTables(rows) {
  const ratios = [...new Set(rows.map(({ box }) => box.snr))].sort()
  const parts = ratios.map((snr) => {
    const some = rows.filter(({ box }) => box.snr === snr)
    return [
      `### SNR ${snr}: ${some.length} boxes`,
      points(some),
      'Share of voxels whose truth lies in the central interval:',
      coverage(some),
      spreads(some)
    ].join('\n\n')
  })
  return `${parts.join('\n\n')}\n`
}
