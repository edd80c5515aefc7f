import { parseBox, wholeBox } from '../../shared/axes.ts'
import type { Box, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'

/** A `box=` of a request, the whole volume where there is none. @throws WedgeviewError usage / `bad-request` */
export function boxOfQuery(text: string | undefined, size: XYZ): Box {
  const box = text === undefined ? wholeBox(size) : parseBox(text)
  if (box) return box
  throw new WedgeviewError(
    'usage',
    'bad-request',
    `${text} is not a box.`,
    'Write x0:x1,y0:y1,z0:z1 in voxels, half-open.'
  )
}
