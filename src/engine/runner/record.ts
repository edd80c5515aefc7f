import type { RunRecord } from '../../shared/runs.ts'
import type { RegionReconstruction } from '../sampling/tiles/region.ts'
import { measuredFraction } from '../wedge/fraction.ts'
import { finiteDiagnostics } from './finite.ts'
import type { PreparedRun } from './prepare.ts'
import { programVersion, versionsInUse } from './versions.ts'

/** run.json of cli.md. */
export function recordOf(
  { request, input, bundle, threshold, chosen, warnings, decisions }: PreparedRun,
  result: RegionReconstruction,
  inputSha256: string,
  startedAt: Date,
  seconds: number
): RunRecord {
  const { manifest, sha256 } = bundle
  return {
    program: 'wedgeview',
    version: programVersion,
    method: request.method,
    input: { path: request.volumePath, sha256: inputSha256, size: input.info.size, roi: input.roi },
    bundle: { name: manifest.name, version: manifest.version, sha256, path: request.bundlePath },
    wedge: {
      ...request.wedge,
      source: request.wedgeSource,
      measuredFraction: measuredFraction(request.wedge, input.size)
    },
    settings: {
      ...result.settings,
      threshold,
      ...(request.method === 'cryowgen-2' && { sampler: request.sampler ?? 'langevin' }),
      // Needed to repeat the run: sigma, lambda and the rest are in these units.
      normalization: { ...manifest.normalization, mean: input.normalisation.mean, std: input.normalisation.std }
    },
    // A choice that was refined while running stands in its last form.
    chosen: [
      ...chosen.filter(({ setting }) => !result.chosen.some((later) => later.setting === setting)),
      ...result.chosen
    ],
    device: result.device,
    tiles: result.tiles,
    seconds,
    misfitPerMeasuredVoxel: result.misfitPerMeasuredVoxel,
    diagnostics: finiteDiagnostics(result.diagnostics),
    partial: result.partial,
    warnings: [...warnings, ...result.warnings],
    startedAt: startedAt.toISOString(),
    ...(decisions.continuedFrom && { continuedFrom: decisions.continuedFrom }),
    versions: versionsInUse()
  }
}
