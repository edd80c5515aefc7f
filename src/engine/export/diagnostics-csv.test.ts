import { expect, test } from 'vitest'
import { csvText } from './csv-text.ts'
import { diagnosticsCsv } from './diagnostics-csv.ts'

test('a run’s series are columns, one row a step; what is not known is empty', () => {
  const trace = {
    potential: [3, null, 1.5],
    misfit: [1.2, 1.1, 1],
    chainPotentials: [[4, 2, 1.5], [2]],
    acceptance: [1]
  }
  expect(diagnosticsCsv({ trace }).split('\r\n')).toEqual([
    'step,"potential, mean of the chains",misfit per measured voxel (1: as the noise),potential of chain 1,potential of chain 2,acceptance of proposals (0 to 1)',
    '1,3,1.2,4,2,1',
    '2,,1.1,2,,',
    '3,1.5,1,1.5,,',
    ''
  ])
})

test('cells with commas, quotes and line breaks are quoted, numbers keep all their digits', () => {
  expect(csvText([['a "b", c', 'd\ne', 0.1 + 0.2, Number.NaN, null]])).toBe(
    '"a ""b"", c","d\ne",0.30000000000000004,,\r\n'
  )
})
