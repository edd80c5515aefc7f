import type { Job } from '../../shared/jobs.ts'
import { getVolume } from '../api/routes.ts'
import { noticeResult } from '../panes/arrange.ts'
import { putJob, useJobs } from '../stores/jobs.ts'
import { useVolumes } from '../stores/volumes.ts'
import { adoptVolume, refreshVolume } from './openFiles.ts'

/** Takes a job as it is now into the window, with the maps it has. */
export async function receiveJob(job: Job): Promise<void> {
  const before = useJobs.getState().jobs[job.id]
  putJob(job)
  const { volumes } = useVolumes.getState()
  const fresh = job.volumes.filter((id) => !volumes[id])
  for (const id of fresh) {
    try {
      await adoptVolume(await getVolume(id))
    } catch {
      // Replaced by the finished map meanwhile; the next event names that one.
    }
  }
  if (before?.state !== job.state && job.run) job.volumes.forEach(refreshVolume)
  // Members come one after the other; the panes are arranged for the maps that they belong to.
  if (fresh.some((id) => useVolumes.getState().volumes[id]?.role !== 'member')) noticeResult(job)
}
