import { tip } from '../controls/tip.ts'
import { useShownBlocks } from '../stores/shownBlocks.ts'
import { editLook, type VolumeLook } from '../stores/volumeView.ts'
import { automaticVoxels, fullVoxels } from './blockLimits.ts'
import { detailInWords, mebibytes, offersFull } from './detail.ts'
import type { VolumeModel } from './volumeModel.ts'

/** How many of the voxels are drawn. */
export function DetailField({ paneId, model: { base, look } }: { paneId: string; model: VolumeModel }) {
  const { x, y, z } = base.info.size
  const bytes = 2 * Math.min(fullVoxels, x * y * z)
  return (
    <label
      className="select-field"
      {...tip(
        offersFull(base)
          ? `Automatic: at most ${millions(automaticVoxels())} voxels, means where there are more. Full: each voxel, up to ${millions(fullVoxels)}; ${mebibytes(bytes)} on the graphics card, twice that where 16 bits a voxel don’t do.`
          : 'Every voxel that there is room for is drawn.'
      )}
    >
      <span className="field-label">Detail</span>
      <select
        value={look.detail}
        disabled={!offersFull(base) && look.detail === 'automatic'}
        onChange={({ target }) => editLook(paneId, { detail: target.value as VolumeLook['detail'] })}
      >
        <option value="automatic">automatic</option>
        <option value="full">full</option>
      </select>
    </label>
  )
}

/** What is drawn, and the memory that it takes. */
export function DetailNote({ paneId }: { paneId: string }) {
  const block = useShownBlocks((state) => state.blocks[paneId])
  return block ? <p className="field-note">{detailInWords(block)}</p> : null
}

function millions(voxels: number): string {
  return `${Math.round(voxels / 1e6)} million`
}
