import { wholeBox } from '../../shared/axes.ts'
import type { Box } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'

/** The whole volume, or what is there of one whose file ends too early. */
export function readableBox({ size, partial }: VolumeInfo): Box {
  const box = wholeBox(size)
  return partial ? { ...box, [partial.axis]: [0, partial.readableSections] } : box
}

/**
 * A file that ends too early can be worked on where it is whole, and nowhere else.
 *
 * @throws WedgeviewError input / mrc-truncated
 */
export function assertReadable({ path, partial }: VolumeInfo, box: Box): void {
  if (!partial || (partial.readableSections > 0 && box[partial.axis][1] <= partial.readableSections)) return
  const { axis, readableSections, sections } = partial
  throw new WedgeviewError(
    'input',
    'mrc-truncated',
    `${path} is cut off: ${readableSections} of ${sections} sections are complete, and the region needs ${box[axis][1]}.`,
    readableSections > 0
      ? `Choose a region within 0:${readableSections} along ${axis}, or copy or download the file again.`
      : 'Copy or download the file again.'
  )
}
