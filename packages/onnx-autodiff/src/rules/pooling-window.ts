import { intsAttribute } from '../model/node.ts'
import { convolutionGeometry } from './convolution-geometry.ts'
import type { ConvolutionGeometry } from './convolution-geometry.ts'
import type { RuleContext } from './rule.ts'

/** A pooling window has the geometry of a convolution, each channel for itself: channels are counted as batch. */
export const windowGeometry = ({ node, x, y, shape }: RuleContext): ConvolutionGeometry => {
  const kernel = intsAttribute(node, 'kernel_shape') ?? []
  const geometry = convolutionGeometry(node, shape(x), [1, 1, ...kernel], shape(y))
  return { ...geometry, batch: geometry.batch * geometry.inputChannels, inputChannels: 1, outputChannels: 1, groups: 1 }
}
