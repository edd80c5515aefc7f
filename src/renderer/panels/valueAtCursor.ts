import { useEffect, useState } from 'react'
import type { XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { LatestRequest } from '../api/latest.ts'
import { getValue } from '../api/routes.ts'
import { inside } from '../geometry/paneTransform.ts'
import { formatValue } from '../numbers/format.ts'
import { tomogramOf } from '../stores/volumes.ts'
import { useView } from '../stores/view.ts'

interface Probe {
  volumeId: string
  voxel: XYZ
}

/** The crosshair rests when it has not moved for so long. */
const restMilliseconds = 120

/** The volume's value at the crosshair as text; empty outside of its region. */
export function useValueAtCursor(volume: OpenVolume): string {
  const cursor = useView((state) => state.views[tomogramOf(volume)]?.cursor)
  const [value, setValue] = useState<number | null>(null)
  const [latest] = useState(
    () =>
      new LatestRequest<Probe, number>(
        (probe, signal) => getValue(probe.volumeId, probe.voxel, signal),
        (found) => setValue(found),
        // The slice panes say what is wrong with the volume; here there is simply no number.
        () => setValue(null)
      )
  )
  useEffect(() => () => latest.abort(), [latest])

  const voxel = cursor ? ownVoxel(volume, cursor) : null
  const { id, revision } = volume
  const x = voxel?.x
  const y = voxel?.y
  const z = voxel?.z
  useEffect(() => {
    if (x === undefined || y === undefined || z === undefined) return
    // While someone steps through slices nobody reads these numbers, and asking for them would hold up the slices.
    const resting = setTimeout(() => latest.request({ volumeId: id, voxel: { x, y, z } }), restMilliseconds)
    return () => clearTimeout(resting)
  }, [latest, id, revision, x, y, z])
  return voxel && value !== null ? formatValue(value) : ''
}

function ownVoxel(volume: OpenVolume, cursor: XYZ): XYZ | null {
  const box = volume.region?.box
  const own = box ? { x: cursor.x - box.x[0], y: cursor.y - box.y[0], z: cursor.z - box.z[0] } : cursor
  return inside(own, volume.info.size) ? own : null
}
