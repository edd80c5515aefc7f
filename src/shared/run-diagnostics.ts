import { z } from 'zod'

/** One number a step; what is not finite is null in JSON. */
const seriesSchema = z.array(z.number().nullable())

export const probeGroupSchema = z.object({
  /** voxels; measured, wedge: Fourier coefficients there. */
  group: z.enum(['voxels', 'measured', 'wedge']),
  /** Medians over the group's probes, and the worst of them. */
  ess: z.number().nullable(),
  rHat: z.number().nullable(),
  worstEss: z.number().nullable(),
  worstRHat: z.number().nullable()
})
export type ProbeGroupDiagnostics = z.infer<typeof probeGroupSchema>

/** What diagnostics.json says about a run's way, as far as a window shows it. Runs of earlier versions lack some of it. */
export const runDiagnosticsSchema = z.object({
  trace: z.object({
    /** Mean over chains; one value a step, iteration or candidate. */
    potential: seriesSchema,
    chainPotentials: z.array(seriesSchema).optional(),
    misfit: seriesSchema,
    acceptance: seriesSchema.optional(),
    steps: seriesSchema.optional(),
    groups: z.array(probeGroupSchema).optional(),
    expectedBias: z.number().optional(),
    diverged: z.array(z.number()).optional()
  })
})
export type RunDiagnostics = z.infer<typeof runDiagnosticsSchema>

export const runNameSchema = z.object({ name: z.string().trim().max(80) })
