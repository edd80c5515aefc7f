import { z } from 'zod'

export const methodIdSchema = z.enum(['cryogen-1', 'cryogen-2', 'cryowgen-1', 'cryowgen-2'])
export type MethodId = z.infer<typeof methodIdSchema>
export const methodIds = methodIdSchema.options

/** The four methods of method.md section 4, as the window and the command line name them. */
export const methods: Readonly<Record<MethodId, { name: string; summary: string; family: boolean }>> = {
  'cryogen-1': {
    name: 'CryoGEN-I',
    summary: 'MAP: the single volume of highest posterior probability under the energy prior.',
    family: false
  },
  'cryogen-2': { name: 'CryoGEN-II', summary: 'One pass of encoder and decoder; deterministic.', family: false },
  'cryowgen-1': {
    name: 'CryoWGEN-I',
    summary: 'Candidates around the encoder’s answer, reweighted by how well they agree with the data and the prior.',
    family: true
  },
  'cryowgen-2': { name: 'CryoWGEN-II', summary: 'Langevin chains that sample the posterior.', family: true }
}
