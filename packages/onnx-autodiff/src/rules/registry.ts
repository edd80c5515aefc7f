import type { GraphNode } from '../model/node.ts'
import { activation } from './activation.ts'
import { arithmetic } from './arithmetic.ts'
import { convolutions } from './convolution.ts'
import { contractions } from './einsum.ts'
import { elementaryFunctions } from './function.ts'
import { indexing } from './indexing.ts'
import { normalizations } from './normalization.ts'
import { padding } from './padding.ts'
import { pooling } from './pooling.ts'
import { products } from './product.ts'
import { reductions } from './reduction.ts'
import { resizing } from './resize.ts'
import type { RuleDefinition } from './rule.ts'
import { structure } from './structure.ts'

const rules = new Map<string, RuleDefinition>(
  [
    activation,
    arithmetic,
    contractions,
    convolutions,
    elementaryFunctions,
    indexing,
    normalizations,
    padding,
    pooling,
    products,
    reductions,
    resizing,
    structure
  ].flatMap((family) => Object.entries(family))
)

/** Operators whose results are piecewise constant or don't depend on their input's values: their gradient is zero. */
const withoutGradient = new Set(
  (
    'Shape Size ConstantOfShape EyeLike Range ArgMax ArgMin NonZero OneHot Equal Greater Less GreaterOrEqual LessOrEqual ' +
    'And Or Xor Not IsNaN IsInf Floor Ceil Round Sign Hardmax RandomNormal RandomNormalLike RandomUniform ' +
    'RandomUniformLike Bernoulli Multinomial'
  ).split(' ')
)

export const ruleKey = (node: GraphNode): string =>
  node.domain === '' ? node.opType : `${node.domain}::${node.opType}`

export const isWithoutGradient = (node: GraphNode): boolean => node.domain === '' && withoutGradient.has(node.opType)

/** The rule for a node, own ones first. */
export const ruleFor = (
  node: GraphNode,
  own: Readonly<Record<string, RuleDefinition>> = {}
): RuleDefinition | undefined => own[ruleKey(node)] ?? rules.get(ruleKey(node))

/** Operators with a gradient rule; those of other domains as `domain::Operator`. */
export const differentiableOperators = (): string[] => [...rules.keys()].sort()
