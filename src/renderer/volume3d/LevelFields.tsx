import { useState } from 'react'
import { NumberField } from '../controls/NumberField.tsx'
import { tip } from '../controls/tip.ts'
import { formatForField } from '../numbers/format.ts'
import { useShownBlocks } from '../stores/shownBlocks.ts'
import { editLook } from '../stores/volumeView.ts'
import { levelEnclosing, voxelsBeyond } from './blockFacts.ts'
import { isDarkDense, levelOf, type VolumeModel } from './volumeModel.ts'

type Unit = 'grey value' | 'SD' | 'nm³' | '% of voxels'

/** Level of the isosurface: in grey values, in SD from the mean, or as what it encloses. */
export function LevelFields({ paneId, model }: { paneId: string; model: VolumeModel }) {
  const [unit, setUnit] = useState<Unit>('grey value')
  const block = useShownBlocks((state) => state.blocks[paneId])
  if (!block) return null
  const { facts } = block
  const dark = isDarkDense(model.look, block)
  const level = levelOf(model.look, block)
  const angstrom = model.view.voxelSizeAngstrom
  const [dx, dy, dz] = [block.box.x, block.box.y, block.box.z].map(([from, to]) => to - from)
  const perVoxel = (dx * dy * dz) / (block.size.x * block.size.y * block.size.z)
  const nm3 = angstrom ? (perVoxel * angstrom.x * angstrom.y * angstrom.z) / 1000 : null
  const beyond = voxelsBeyond(facts, level, dark)
  const shown: Record<Unit, number | null> = {
    'grey value': level,
    SD: facts.std > 0 ? (level - facts.mean) / facts.std : null,
    'nm³': nm3 === null ? null : beyond * nm3,
    '% of voxels': facts.count > 0 ? (100 * beyond) / facts.count : null
  }
  const set = (value: number): void => {
    const to: Record<Unit, () => number> = {
      'grey value': () => value,
      SD: () => facts.mean + value * facts.std,
      'nm³': () => levelEnclosing(facts, value / (nm3 ?? 1), dark),
      '% of voxels': () => levelEnclosing(facts, (value / 100) * facts.count, dark)
    }
    editLook(paneId, { level: to[unit]() })
  }
  const units = (Object.keys(shown) as Unit[]).filter((name) => shown[name] !== null)
  return (
    <>
      <div className="row">
        <NumberField
          label="Level"
          labelled
          value={shown[unit]}
          format={formatForField}
          emptyAllowed
          onCommit={(value) => (value === null ? editLook(paneId, { level: null }) : set(value))}
          tipAttributes={tip('Where the surface lies. Empty: a first guess from the voxels.')}
        />
        <select aria-label="Unit of the level" value={unit} onChange={({ target }) => setUnit(target.value as Unit)}>
          {units.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <input
        type="range"
        className="level-slider"
        aria-label="Level of the surface"
        min={facts.min}
        max={facts.max}
        step={(facts.max - facts.min) / 1000 || 1}
        value={level}
        onChange={({ target }) => editLook(paneId, { level: Number(target.value) })}
      />
    </>
  )
}
