import { z } from 'zod'
import type { MethodId } from './methods.ts'

/**
 * One declaration for a setting drives its type, its schema, its command-line flag, its control in
 * the window and its place in run.json. Symbols are method.md's.
 */
export interface SettingDeclaration {
  /** run.json key. */
  key: string
  flag: string
  label: string
  /** method.md's symbol, where it has one. */
  symbol?: string
  unit?: string
  help: string
  /** Methods that read it. */
  methods: readonly MethodId[]
  control:
    | { kind: 'number'; min?: number; max?: number; integer?: boolean; logarithmic?: boolean }
    | { kind: 'choice'; options: readonly string[] }
    | { kind: 'switch' }
}

const all = ['cryogen-1', 'cryogen-2', 'cryowgen-1', 'cryowgen-2'] as const
const sampled = ['cryowgen-1', 'cryowgen-2'] as const
const langevin = ['cryowgen-2'] as const
const withPotential = ['cryogen-1', 'cryowgen-1', 'cryowgen-2'] as const

export const settingDeclarations = [
  {
    key: 'sigma',
    flag: '--sigma',
    label: 'Noise',
    symbol: 'σ',
    unit: 'normalised grey value',
    methods: all,
    control: { kind: 'number', min: 0, logarithmic: true },
    help: 'Standard deviation of the noise in the normalised tomogram.'
  },
  {
    key: 'lambda',
    flag: '--lambda',
    label: 'Data weight',
    symbol: 'λ',
    methods: withPotential,
    control: { kind: 'number', min: 0, logarithmic: true },
    help: 'Weight of the data term, 1/σ² unless given.'
  },
  {
    key: 'beta',
    flag: '--beta',
    label: 'Tether',
    symbol: 'β',
    methods: withPotential,
    control: { kind: 'number', min: 0, logarithmic: true },
    help: 'Precision of the conditional prior around the encoder’s answer.'
  },
  {
    key: 'gamma',
    flag: '--gamma',
    label: 'Temperature',
    symbol: 'γ',
    methods: sampled,
    control: { kind: 'number', min: 0, logarithmic: true },
    help: 'γ → 0 collapses the family to the MAP, large γ spreads it to the conditional prior.'
  },
  {
    key: 'step',
    flag: '--step',
    label: 'Step size',
    symbol: 'η',
    methods: ['cryogen-1', 'cryowgen-2'],
    control: { kind: 'number', min: 0, logarithmic: true },
    help: 'Langevin step, in units of the preconditioned Hessian where there is a preconditioner.'
  },
  {
    key: 'steps',
    flag: '--steps',
    label: 'Steps',
    methods: ['cryogen-1', 'cryowgen-2'],
    control: { kind: 'number', min: 1, integer: true },
    help: 'Steps of each chain, burn-in included; for the MAP the upper limit of iterations.'
  },
  {
    key: 'burnIn',
    flag: '--burn-in',
    label: 'Burn-in',
    methods: langevin,
    control: { kind: 'number', min: 0, integer: true },
    help: 'First steps of each chain that are not counted.'
  },
  {
    key: 'thin',
    flag: '--thin',
    label: 'Thinning',
    methods: langevin,
    control: { kind: 'number', min: 1, integer: true },
    help: 'Every how many steps a chain’s state is counted.'
  },
  {
    key: 'chains',
    flag: '--chains',
    label: 'Chains',
    methods: langevin,
    control: { kind: 'number', min: 1, integer: true },
    help: 'Independent chains; at least two are needed to see whether they agree.'
  },
  {
    key: 'candidates',
    flag: '--candidates',
    label: 'Candidates',
    symbol: 'M',
    methods: ['cryowgen-1'],
    control: { kind: 'number', min: 1, integer: true },
    help: 'Draws from the conditional prior that are reweighted.'
  },
  {
    key: 'preconditioner',
    flag: '--preconditioner',
    label: 'Preconditioner',
    symbol: 'P',
    methods: langevin,
    control: { kind: 'choice', options: ['none', 'rmsprop', 'fourier'] },
    help: 'Fourier makes measured and unmeasured frequencies mix at the same rate.'
  },
  {
    key: 'mala',
    flag: '--mala',
    label: 'Metropolis correction',
    methods: langevin,
    control: { kind: 'switch' },
    help: 'Removes the step-size bias of the Langevin chain (MALA).'
  },
  {
    key: 'integrator',
    flag: '--integrator',
    label: 'Integrator',
    methods: langevin,
    control: { kind: 'choice', options: ['euler', 'leimkuhler-matthews'] },
    help: 'How the Langevin equation is discretised; Leimkuhler-Matthews has no step bias for a Gaussian posterior.'
  },
  {
    key: 'decay',
    flag: '--decay',
    label: 'Step decay',
    symbol: 'c',
    methods: langevin,
    control: { kind: 'number', min: 0, max: 1 },
    help: 'Steps fall as η b^c (b + t)^-c, with c above 1/2 and at most 1; 0 keeps them constant.'
  },
  {
    key: 'decayDelay',
    flag: '--decay-delay',
    label: 'Decay delay',
    symbol: 'b',
    unit: 'steps',
    methods: langevin,
    control: { kind: 'number', min: 1, logarithmic: true },
    help: 'After this many steps a decaying step has fallen to 2^-c of its first value.'
  },
  {
    key: 'members',
    flag: '--members',
    label: 'Members kept',
    methods: sampled,
    control: { kind: 'number', min: 0, integer: true },
    help: 'Family members written as volumes.'
  },
  {
    key: 'threshold',
    flag: '--threshold',
    label: 'Threshold t',
    methods: sampled,
    control: { kind: 'number' },
    unit: 'grey value',
    help: 'Also compute P(x > t), the probability that a voxel is above t.'
  },
  {
    key: 'tile',
    flag: '--tile',
    label: 'Tile',
    unit: 'voxels',
    methods: all,
    control: { kind: 'number', min: 8, integer: true },
    help: 'Edge of the boxes a large region is computed in.'
  },
  {
    key: 'seed',
    flag: '--seed',
    label: 'Seed',
    methods: sampled,
    control: { kind: 'number', min: 0, integer: true },
    help: 'Same seed, same family.'
  }
] as const satisfies readonly SettingDeclaration[]

export type SettingKey = (typeof settingDeclarations)[number]['key']

/** Settings as asked for: what is absent is taken from the bundle, and then chosen automatically. */
export const requestedSettingsSchema = z
  .object({
    sigma: z.number().positive(),
    lambda: z.number().positive(),
    beta: z.number().min(0),
    gamma: z.number().positive(),
    step: z.number().positive(),
    steps: z.number().int().min(1),
    burnIn: z.number().int().min(0),
    thin: z.number().int().min(1),
    chains: z.number().int().min(1).max(64),
    candidates: z.number().int().min(1),
    preconditioner: z.enum(['none', 'rmsprop', 'fourier']),
    mala: z.boolean(),
    integrator: z.enum(['euler', 'leimkuhler-matthews']),
    decay: z
      .number()
      .min(0)
      .max(1)
      .refine(
        (c) => c === 0 || c > 0.5,
        'expected 0, or a number above 1/2 and at most 1: slower steps never forget their bias'
      ),
    decayDelay: z.number().min(1),
    members: z.number().int().min(0),
    threshold: z.number().nullable(),
    tile: z.number().int().min(8).nullable(),
    seed: z.number().int().min(0).max(0xffffffff)
  })
  .partial()
export type RequestedSettings = z.infer<typeof requestedSettingsSchema>

/** Settings as used: every one has a value, as run.json records them. */
export type Settings = Required<RequestedSettings>

/** Why a setting has its value when the user did not give it. */
export const chosenSettingSchema = z.object({ setting: z.string(), value: z.unknown(), reason: z.string() })
export type ChosenSetting = z.infer<typeof chosenSettingSchema>

export const deviceSchema = z.enum(['auto', 'cpu', 'cuda', 'webgpu'])
export type Device = z.infer<typeof deviceSchema>
