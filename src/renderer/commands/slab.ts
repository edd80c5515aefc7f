import { isFiltered, slabSlicesLimit } from '../../shared/slice-filters.ts'
import { activePaneModel } from '../slices/paneModel.ts'
import { clearFilters, editFilters, filtersOf, useFilters } from '../stores/filters.ts'
import { onPicture, withModel } from './activeModel.ts'

/** Two slices more or fewer, so that the one looked at stays in the middle. */
function thicken(by: 2 | -2): () => void {
  return withModel(({ tomogram: { id } }) => {
    const { slab } = filtersOf(useFilters.getState(), id)
    const slices = Math.min(slabSlicesLimit, Math.max(1, (slab?.slices ?? 1) + by))
    editFilters(id, { slab: slices === 1 ? null : { kind: slab?.kind ?? 'mean', slices } })
  })
}

const kinds = ['mean', 'max', 'min'] as const

function hasFilters(slabOnly: boolean): boolean {
  const model = activePaneModel()
  if (!model) return false
  const filters = filtersOf(useFilters.getState(), model.tomogram.id)
  return slabOnly ? filters.slab !== null : isFiltered(filters)
}

export const slabCommands = onPicture([
  { id: 'slab-thicker', group: 'Show', title: 'Thicker slab', keys: ['}'], run: thicken(2) },
  { id: 'slab-thinner', group: 'Show', title: 'Thinner slab', keys: ['{'], run: thicken(-2) },
  {
    id: 'slab-kind',
    group: 'Show',
    title: 'Slab as mean, maximum or minimum',
    keys: ['|'],
    available: () => hasFilters(true),
    run: withModel(({ tomogram: { id } }) => {
      const { slab } = filtersOf(useFilters.getState(), id)
      if (slab) editFilters(id, { slab: { ...slab, kind: kinds[(kinds.indexOf(slab.kind) + 1) % kinds.length] } })
    })
  },
  {
    id: 'no-filters',
    group: 'Show',
    title: 'Slices as they are, without slab or filter',
    keys: [],
    available: () => hasFilters(false),
    run: withModel(({ tomogram: { id } }) => clearFilters(id))
  }
])
