import { colourMapSchema } from '../../shared/figure.ts'
import type { Axis } from '../../shared/axes.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { activePane, useLayout } from '../stores/layout.ts'
import { useRegion } from '../stores/region.ts'
import { isGrey, tomogramOf, useVolumes } from '../stores/volumes.ts'
import { editLook, lookOf, useVolumeView, volumeModes, type VolumeLook, type VolumeMode } from '../stores/volumeView.ts'
import { crossingSource, type CrossingSource } from './crossingBlock.ts'
import { DetailField, DetailNote } from './DetailField.tsx'
import { LevelFields } from './LevelFields.tsx'
import { OpacityCurve } from './OpacityCurve.tsx'
import { ViewButtons } from './ViewButtons.tsx'
import { volumeModel } from './volumeModel.ts'

const axes: readonly Axis[] = ['x', 'y', 'z']
const modes = Object.keys(volumeModes) as VolumeMode[]

/** What a surface's probability was taken from. */
function saidOf(source: CrossingSource): string {
  switch (source.from) {
    case 'members':
      return `Opacity: share of the ${source.members.length} members whose surface passes through a voxel.`
    case 'gaussian':
      return 'Opacity: probability that the surface passes through a voxel, from mean and SD as if neighbours varied together (this run kept no members).'
    case 'probability':
      return `Opacity: probability that the surface at this map’s t passes through a voxel, as if neighbours varied together.`
  }
}

/** How a 3-D pane draws: the active one, else the last that was. Absent while there is none. */
export function VolumePanel() {
  const active = useLayout(activePane)
  const panes = useLayout((state) => state.panes)
  const last = useVolumeView((state) => state.lastPane)
  // On its way to this panel the pointer crosses other panes, which become the active one.
  const inSpace = panes.filter(({ kind }) => kind === 'volume')
  const pane = active?.kind === 'volume' ? active : (inSpace.find(({ id }) => id === last) ?? inSpace[0])
  const look = useVolumeView((state) => lookOf(state, pane?.id ?? ''))
  const { volumes, order } = useVolumes()
  const regions = useRegion((state) => state.boxes)
  if (pane?.kind !== 'volume') return null
  const model = volumeModel(pane.id)
  if (!model) return null
  const edit = (change: Partial<VolumeLook>): void => editLook(pane.id, change)
  const tints = order.map((id) => volumes[id]).filter((volume) => tomogramOf(volume) === model.group && !isGrey(volume))
  const source = crossingSource(model.base, volumes)
  const offered = modes.filter((mode) => mode !== 'crossing' || source !== null)
  return (
    <Section title="3-D view" aside={<span className="section-aside">{layerTitle(model.base)}</span>}>
      <ViewButtons paneId={pane.id} model={model} />
      <div className="row">
        <label className="select-field grow">
          <span className="field-label">Draw</span>
          <select value={look.mode} onChange={({ target }) => edit({ mode: target.value as VolumeMode })}>
            {offered.map((mode) => (
              <option key={mode} value={mode}>
                {volumeModes[mode]}
              </option>
            ))}
          </select>
        </label>
        <label
          className="select-field"
          {...tip('Which end of the grey scale is matter. Tomograms usually show it dark.')}
        >
          <span className="field-label">Dense</span>
          <select
            value={look.denseIsDark === null ? 'auto' : look.denseIsDark ? 'dark' : 'bright'}
            onChange={({ target }) =>
              edit({ denseIsDark: target.value === 'auto' ? null : target.value === 'dark', level: null })
            }
          >
            <option value="auto">auto</option>
            <option value="dark">dark</option>
            <option value="bright">bright</option>
          </select>
        </label>
      </div>
      {look.mode === 'crossing' && source && <p className="field-note">{saidOf(source)}</p>}
      {(look.mode === 'surface' || (look.mode === 'crossing' && source?.from !== 'probability')) && (
        <LevelFields paneId={pane.id} model={model} />
      )}
      {look.mode === 'direct' && (
        <OpacityCurve points={look.opacity} colourMap={look.colourMap} onChange={(opacity) => edit({ opacity })} />
      )}
      <div className="row">
        {look.mode === 'surface' || look.mode === 'crossing' ? (
          <label
            className="select-field grow"
            {...tip('Colours the surface by the family’s spread, or by its share in the missing wedge.')}
          >
            <span className="field-label">Colour by</span>
            <select
              value={look.tintId ?? ''}
              disabled={tints.length === 0}
              onChange={({ target }) => edit({ tintId: target.value || null })}
            >
              <option value="">{tints.length === 0 ? 'one colour (run CryoWGEN for more)' : 'one colour'}</option>
              {tints.map((volume) => (
                <option key={volume.id} value={volume.id}>
                  {layerTitle(volume)}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <label className="select-field grow">
            <span className="field-label">Colours</span>
            <select
              value={look.colourMap}
              onChange={({ target }) => edit({ colourMap: colourMapSchema.parse(target.value) })}
            >
              {colourMapSchema.options.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        )}
      </div>
      <div className="row">
        <label className="select-field">
          <span className="field-label">Background</span>
          <select
            value={look.background}
            onChange={({ target }) => edit({ background: target.value as VolumeLook['background'] })}
          >
            <option value="window">window</option>
            <option value="black">black</option>
            <option value="white">white</option>
            <option value="gradient">gradient</option>
          </select>
        </label>
      </div>
      <div className="row">
        <DetailField paneId={pane.id} model={model} />
      </div>
      <DetailNote paneId={pane.id} />
      <label className="slider-field" {...tip('How much the far side fades into the background')}>
        <span className="field-label">Depth</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.01}
          value={look.depthCue}
          onChange={({ target }) => edit({ depthCue: Number(target.value) })}
        />
        <output>{Math.round(look.depthCue * 100)} %</output>
      </label>
      <label className="slider-field" {...tip('Cuts away what is nearest to you, parallel to the screen')}>
        <span className="field-label">Cut front</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.005}
          value={look.cutFront}
          onChange={({ target }) => edit({ cutFront: Number(target.value) })}
        />
        <output>{Math.round(look.cutFront * 100)} %</output>
      </label>
      <fieldset className="clip-fields">
        <legend>Keep from, to (%)</legend>
        {axes.map((axis) => (
          <div className="row" key={axis}>
            <span className="field-label">{axis}</span>
            {([0, 1] as const).map((end) => (
              <NumberField
                key={end}
                label={`${axis} kept ${end === 0 ? 'from' : 'to'}`}
                unit="%"
                min={end === 0 ? 0 : look.clip[axis][0] * 100 + 1}
                max={end === 0 ? look.clip[axis][1] * 100 - 1 : 100}
                value={Math.round(look.clip[axis][end] * 1000) / 10}
                onCommit={(value) => {
                  if (value === null) return
                  const range: [number, number] = [...look.clip[axis]]
                  range[end] = value / 100
                  edit({ clip: { ...look.clip, [axis]: range } })
                }}
              />
            ))}
            <label className="check" {...tip(`The slice through the crosshair, in place`)}>
              <input
                type="checkbox"
                checked={look.slices[axis]}
                onChange={({ target }) => edit({ slices: { ...look.slices, [axis]: target.checked } })}
              />
              slice
            </label>
          </div>
        ))}
      </fieldset>
      <div className="row">
        <label className="check" {...tip('Shows the region of interest alone, in full resolution')}>
          <input
            type="checkbox"
            checked={look.regionOnly}
            disabled={!regions[model.group]}
            onChange={({ target }) => edit({ regionOnly: target.checked })}
          />
          Region only
        </label>
        <label
          className="check"
          {...tip('The unmeasured double wedge around the crosshair: features smear into these directions')}
        >
          <input type="checkbox" checked={look.cone} onChange={({ target }) => edit({ cone: target.checked })} />
          Missing wedge in place
        </label>
      </div>
    </Section>
  )
}
