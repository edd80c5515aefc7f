import type { LayerUniform, SliceUniforms } from './sliceMaterial.ts'

/** What slice.frag.glsl is compiled with: only what this picture needs. */
export type SliceFeature =
  'AVERAGES' | 'BLENDS' | 'COMPARES' | 'OVERLAYS' | 'CONTOURS' | 'SUPPRESSES' | 'GREYS' | 'GAMMA' | 'TRANSPOSED'

type Needed = Pick<
  SliceUniforms,
  | 'uTransposed'
  | 'uSmooth'
  | 'uGreys'
  | 'uHasBase'
  | 'uBaseLayer'
  | 'uCompare'
  | 'uHasOther'
  | 'uOtherLayer'
  | 'uHasSpread'
  | 'uSpreadLayer'
  | 'uHasOverlay'
  | 'uOverlayLayer'
  | 'uContourCount'
  | 'uTreeRows'
>

export function sliceVariant(uniforms: Needed): SliceFeature[] {
  const compares = uniforms.uCompare.value > 0
  const overlays = uniforms.uHasOverlay.value
  const contours = overlays && uniforms.uContourCount.value > 0
  const layers: LayerUniform[] = []
  if (uniforms.uHasBase.value) layers.push(uniforms.uBaseLayer.value)
  if (compares && uniforms.uHasOther.value) layers.push(uniforms.uOtherLayer.value)
  if (compares && uniforms.uHasSpread.value) layers.push(uniforms.uSpreadLayer.value)
  if (overlays) layers.push(uniforms.uOverlayLayer.value)
  const isCoarse = ({ perPixel }: LayerUniform): boolean => Math.max(perPixel.x, perPixel.y) > 1
  const features: SliceFeature[] = []
  if (layers.some(isCoarse)) features.push('AVERAGES')
  if (uniforms.uSmooth.value && !layers.every(isCoarse)) features.push('BLENDS')
  if (compares) features.push('COMPARES')
  if (overlays) features.push('OVERLAYS')
  if (contours) features.push('CONTOURS')
  if (overlays && uniforms.uTreeRows.value > 0) features.push('SUPPRESSES')
  if (uniforms.uGreys.value) features.push('GREYS')
  if (layers.some(({ gamma }) => gamma !== 1)) features.push('GAMMA')
  if (uniforms.uTransposed.value) features.push('TRANSPOSED')
  return features
}
