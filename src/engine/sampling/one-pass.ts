import { misfitPerVoxel, openModel, toRegion } from './box.ts'
import type { Box } from './box.ts'
import type { Hooks, Reconstruction } from './problem.ts'
import { throwIfCancelled } from './problem.ts'
import type { ProgressMeter } from './progress.ts'
import type { Settings } from '../../shared/settings.ts'

/** CryoGEN-II: A(zbar(y)). One encoder and one decoder pass; no prior, no noise. */
export async function runOnePass(
  box: Box,
  settings: Settings,
  hooks: Hooks,
  meter: ProgressMeter
): Promise<Reconstruction> {
  meter.start('Decoding')
  const model = await openModel(box, { batch: 1, withPrior: false, withGradient: false, withFilter: false })
  try {
    throwIfCancelled(hooks.signal)
    const result = await model.evaluate(box.conditioning.centre, box.conditioning)
    const misfit = misfitPerVoxel(box, settings.lambda, result.misfit[0])
    return {
      map: toRegion(box, result.volume),
      family: null,
      barycentre: null,
      misfitPerMeasuredVoxel: misfit,
      diagnostics: { ess: null, rHat: null, acceptance: null, objective: null, weightEss: null },
      trace: { potential: [], misfit: [misfit] },
      warnings: [],
      partial: false,
      device: model.device,
      settings,
      chosen: []
    }
  } finally {
    await model.close()
  }
}
