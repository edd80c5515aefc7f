import { wholeBox } from '../../shared/axes.ts'
import { tip } from '../controls/tip.ts'
import { usePanes } from '../stores/panes.ts'
import { editCamera, saveView, setCamera, useVolumeView } from '../stores/volumeView.ts'
import { fitted, standardViews, type Rotation } from '../../shared/camera.ts'
import { worldCorners, type VolumeModel } from './volumeModel.ts'

const views: readonly { name: string; rotation: Rotation; tip: string }[] = [
  { name: 'XY', rotation: standardViews.front, tip: 'Along the beam, as an XY slice' },
  { name: 'XZ', rotation: standardViews.top, tip: 'Along y, as an XZ slice' },
  { name: 'YZ', rotation: standardViews.side, tip: 'Along x, as a YZ slice' },
  { name: '3-D', rotation: standardViews.corner, tip: 'From a corner' }
]

/** Brings everything that is shown into view, from where one looks now. */
export function fitVolume(paneId: string, model: VolumeModel): void {
  const size = usePanes.getState().sizes[paneId]
  const { low, high } = worldCorners(model.box ?? wholeBox(model.base.info.size), model.base, model.view.aspect)
  editCamera(paneId, (camera) => fitted(camera, low, high, size ? size.width / size.height : 1))
}

/** Standard and saved views, fit, perspective. */
export function ViewButtons({ paneId, model }: { paneId: string; model: VolumeModel }) {
  const camera = useVolumeView((state) => state.cameras[paneId])
  const saved = useVolumeView((state) => state.saved)
  const names = Object.keys(saved)
  return (
    <div className="row view-buttons">
      {views.map((view) => (
        <button
          key={view.name}
          type="button"
          className="button"
          onClick={() => editCamera(paneId, (before) => ({ ...before, rotation: view.rotation }))}
          {...tip(view.tip)}
        >
          {view.name}
        </button>
      ))}
      <button type="button" className="button" onClick={() => fitVolume(paneId, model)} {...tip('Everything in view')}>
        Fit
      </button>
      <button
        type="button"
        className="button"
        aria-pressed={camera?.perspective ?? false}
        onClick={() => editCamera(paneId, (before) => ({ ...before, perspective: !before.perspective }))}
        {...tip('Perspective, or parallel rays, in which lengths are true everywhere')}
      >
        Perspective
      </button>
      <button
        type="button"
        className="button"
        disabled={!camera}
        onClick={() => camera && saveView(`View ${names.length + 1}`, camera)}
        {...tip('Keeps this view, to come back to it')}
      >
        Keep
      </button>
      {names.length > 0 && (
        <select
          aria-label="Kept views"
          value=""
          onChange={({ target }) => target.value && setCamera(paneId, saved[target.value])}
        >
          <option value="">kept views</option>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </div>
  )
}
