import { isFiltered, sigmaLimit, slabSlicesLimit, type SliceFilters } from '../../shared/slice-filters.ts'
import { commandTip } from '../commands/commandTip.ts'
import { NumberField } from '../controls/NumberField.tsx'
import { Section } from '../controls/Section.tsx'
import { tip } from '../controls/tip.ts'
import { clearFilters, editFilters, filtersOf, useFilters } from '../stores/filters.ts'

type SlabKind = NonNullable<SliceFilters['slab']>['kind']
const slabKinds: readonly SlabKind[] = ['mean', 'max', 'min']

/** Slab, Gaussian and band-pass: how slices are shown. Nothing is written to the files. */
export function FilterPanel({ tomogram }: { tomogram: string }) {
  const filters = useFilters((state) => filtersOf(state, tomogram))
  const { slab, sigma, band } = filters
  const edit = (change: Partial<SliceFilters>): void => editFilters(tomogram, change)
  const kind = slab?.kind ?? 'mean'
  const slices = slab?.slices ?? 1
  const setBand = (low: number | null, high: number | null): void =>
    edit({ band: low === null && high === null ? null : { unit: 'cycles-per-voxel', low, high } })
  return (
    <Section
      title="Filter"
      initiallyOpen={false}
      aside={
        isFiltered(filters) ? (
          <button type="button" className="button" onClick={() => clearFilters(tomogram)}>
            Off
          </button>
        ) : (
          <span className="section-aside">off</span>
        )
      }
    >
      <div className="row">
        <NumberField
          label="Slab"
          labelled
          integer
          min={1}
          max={slabSlicesLimit}
          value={slices}
          unit="slices"
          onCommit={(value) => edit({ slab: value === null || value === 1 ? null : { kind, slices: value } })}
          tipAttributes={commandTip(
            'Slices about the one shown that are drawn as one, in the plane of each pane',
            'slab-thinner',
            'slab-thicker'
          )}
        />
        <select
          aria-label="How the slab is drawn"
          value={kind}
          disabled={slices === 1}
          onChange={(event) => {
            const chosen = slabKinds.find((name) => name === event.target.value) ?? 'mean'
            edit({ slab: { kind: chosen, slices } })
          }}
        >
          {slabKinds.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <div className="row">
        <NumberField
          label="Gaussian"
          labelled
          min={0}
          max={sigmaLimit}
          value={sigma}
          unit="voxels"
          onCommit={(value) => edit({ sigma: value ?? 0 })}
          tipAttributes={tip('Standard deviation of the blur in the plane of the pane; 0 is none')}
        />
      </div>
      <div className="row">
        <NumberField
          label="Band from"
          labelled
          min={0.0001}
          max={band?.high ?? 0.5}
          value={band?.low ?? null}
          placeholder="0"
          emptyAllowed
          onCommit={(low) => setBand(low, band?.high ?? null)}
          tipAttributes={tip('Lowest frequency that passes, in cycles per voxel; empty: all low ones do')}
        />
        <NumberField
          label="to"
          labelled
          min={band?.low ?? 0.0001}
          max={0.5}
          value={band?.high ?? null}
          placeholder="–"
          emptyAllowed
          unit="/voxel"
          onCommit={(high) => setBand(band?.low ?? null, high)}
          tipAttributes={tip('Highest frequency that passes, in cycles per voxel; empty: all high ones do')}
        />
      </div>
    </Section>
  )
}
