import type { OpenVolume } from '../../shared/volumes.ts'
import { Icon } from '../controls/Icon.tsx'
import { tip } from '../controls/tip.ts'
import { close } from '../files/openFiles.ts'
import { showVolume, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { useJobs } from '../stores/jobs.ts'
import { LayerRow } from './LayerRow.tsx'
import { RunEntry } from './RunEntry.tsx'
import { UnfinishedRuns } from './UnfinishedRuns.tsx'

/** A tomogram, what was noticed in its header, and its runs. */
export function TomogramEntry({ tomogram }: { tomogram: OpenVolume }) {
  const { volumes, order, tomogram: current } = useVolumes()
  const { jobs, order: jobOrder } = useJobs()
  const maps = order.map((id) => volumes[id]).filter((v) => v.region !== null && tomogramOf(v) === tomogram.id)
  const runs = jobOrder.map((id) => jobs[id]).filter((job) => jobBelongs(job.request.volumePath, job.volumes))
  const listed = new Set(runs.flatMap((job) => [...job.volumes, job.runId]))
  const others = maps.filter((map) => !listed.has(map.id) && !listed.has(map.runId))
  const { size, voxelSizeAngstrom, dtype, repairs, partial } = tomogram.info

  function jobBelongs(path: string, ids: readonly string[]): boolean {
    return path === tomogram.info.path || ids.some((id) => volumes[id] && tomogramOf(volumes[id]) === tomogram.id)
  }

  return (
    <section className="tomogram" data-current={current === tomogram.id || undefined} aria-label={tomogram.name}>
      <header className="tomogram-head">
        <button
          type="button"
          className="tomogram-name"
          onClick={() => showVolume(tomogram.id)}
          {...tip(tomogram.info.path)}
        >
          {tomogram.name}
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={`Close ${tomogram.name}`}
          onClick={() => void close(tomogram)}
          {...tip('Close this tomogram and its maps')}
        >
          <Icon name="close" />
        </button>
      </header>
      <p className="tomogram-facts">
        {size.x} × {size.y} × {size.z} · {dtype}
        {voxelSizeAngstrom ? ` · ${voxelSizeText(voxelSizeAngstrom)} Å` : ' · voxel size unknown'}
      </p>
      {partial && (
        <p className="run-warning">
          <Icon name="warning" /> Partial: {partial.readableSections} of {partial.sections} sections are in the file.
          The rest along {partial.axis} is hatched.
        </p>
      )}
      {repairs.length > 0 && (
        <details className="repairs">
          <summary>
            <Icon name="info" />
            {repairs.length === 1 ? '1 header entry repaired' : `${repairs.length} header entries repaired`}
          </summary>
          <ul>
            {repairs.map((repair) => (
              <li key={repair.code}>{repair.message}</li>
            ))}
          </ul>
        </details>
      )}
      <LayerRow volume={tomogram} name="tomogram" />
      <UnfinishedRuns tomogram={tomogram} />
      {runs.map((job) => (
        <RunEntry key={job.id} job={job} />
      ))}
      {others.map((map) => (
        <LayerRow key={map.id} volume={map} />
      ))}
    </section>
  )
}

function voxelSizeText({ x, y, z }: { x: number; y: number; z: number }): string {
  const text = (value: number): string => String(Number(value.toPrecision(4)))
  const texts = [text(x), text(y), text(z)]
  return new Set(texts).size === 1 ? texts[0] : texts.join(' × ')
}
