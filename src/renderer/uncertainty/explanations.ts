import type { MapRole } from '../../shared/volumes.ts'

/** What the terms mean, with the formula of the method they stand for. One hover away wherever the term stands. */
export const explanations = {
  map: 'MAP, maximum a posteriori: the one volume of highest posterior density. It says nothing of how sure it is.\nargmin λ/2 ‖T_M(y − A(z))‖² + E(z) + β/2 ‖z − z̄‖²',
  reconstruction: 'One volume: the decoder’s answer to the encoder’s, without optimisation or noise.\nA(z̄(y))',
  posterior:
    'Posterior: all volumes that agree with the data and the prior, each as often as it is likely.\nq*(z | y) ∝ exp(G(z; y) / γ − β/2 ‖z − z̄‖²)\nG = w(z) − λ/2 ‖T_M(y − A(z))‖²',
  mean: 'Posterior mean: the family’s average, with the least expected squared error. Where members differ it is blurred.\nx̄ = Σ ωₘ A(zₘ)',
  std: 'Posterior SD: how far members differ from their mean at a voxel, in grey values.\n√(Σ ωₘ (A(zₘ) − x̄)²)',
  variance: 'Posterior variance: the SD squared.\nΣ ωₘ (A(zₘ) − x̄)²',
  'wedge-variance': 'Variance inside the missing wedge: of what the prior filled in.\nVar[(I − T_M) x]',
  'measured-variance': 'Variance inside the measured region: what the noise leaves open.\nVar[T_M x]',
  'wedge-share':
    'Wedge share: how much of a voxel’s variance comes from directions that no tilt recorded. 0: all is noise in the data; 1: all is filled in.\nVar[(I − T_M) x] / (Var[(I − T_M) x] + Var[T_M x])',
  probability: 'P(x > t): the share of the posterior in which the voxel lies above the grey value t.',
  'r-hat':
    'R-hat: whether the chains agree on a voxel. 1: they do; above 1.2 they have not mixed, and mean and SD there depend on where they started.\n√(((n − 1)/n W + B/n) / W), W: mean variance within a chain, B/n: variance of the chains’ means',
  barycentre: 'Soft barycentre: the decoder’s answer to the weighted mean of the candidates.\nA(z*), z* = Σ ωₘ zₘ',
  member: 'Member: one draw from the posterior. Each agrees with the data as well as the others.',
  temperature:
    'Temperature γ: how far members may stray. γ → 0 leaves the MAP alone, a large γ gives the conditional prior.\nq* ∝ exp(G / γ)',
  whole: 'Reconstructions as they are: what was measured and what was filled in.\nx = T_M x + (I − T_M) x',
  measured:
    'Only what the tilt series recorded of the reconstruction: its Fourier coefficients outside the missing wedge.\nT_M x = F⁻¹[M · F x]',
  'filled-in': 'Only what the tilt series did not record: the prior’s answer inside the missing wedge.\n(I − T_M) x'
} as const

const ofRole: Readonly<Record<MapRole, keyof typeof explanations>> = {
  map: 'map',
  mean: 'mean',
  std: 'std',
  variance: 'variance',
  'wedge-variance': 'wedge-variance',
  'measured-variance': 'measured-variance',
  'wedge-share': 'wedge-share',
  probability: 'probability',
  'r-hat': 'r-hat',
  barycentre: 'barycentre',
  member: 'member',
  'measured-part': 'measured',
  'filled-in-part': 'filled-in'
}

/** What a map shows. `isMap`: made by CryoGEN-I; CryoGEN-II's single volume is no MAP. */
export function explanationOf(role: MapRole | null, isMap = true): string | null {
  if (role === null) return null
  return explanations[role === 'map' && !isMap ? 'reconstruction' : ofRole[role]]
}
