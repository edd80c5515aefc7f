import fc from 'fast-check'

/** Any shape of up to five axes with enough elements for a relative error to mean something. */
const shapes = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 })
  .filter((shape) => shape.reduce((a, b) => a * b, 1) >= 12 && shape.reduce((a, b) => a * b, 1) <= 400)

/** Runs a check on some shapes with a seed each; the same ones every time. */
export const onRandomShapes = (check: (shape: readonly number[], seed: number) => Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(shapes, fc.nat(), (shape, seed) => check(shape, seed)),
    { numRuns: 4, seed: 11 }
  )
