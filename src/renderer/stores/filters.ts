import { create } from 'zustand'
import { isFiltered, noSliceFilters, sliceFiltersQuery, type SliceFilters } from '../../shared/slice-filters.ts'

interface FiltersState {
  /** By link group: a tomogram and its maps are looked at through the same filters. */
  filters: Readonly<Record<string, SliceFilters>>
}

/** What is done to grey slices before they are shown; the files' voxels and overlays stay as they are. */
export const useFilters = create<FiltersState>()(() => ({ filters: {} }))

export function filtersOf(state: FiltersState, group: string): SliceFilters {
  return state.filters[group] ?? noSliceFilters
}

export function filtersQueryOf(state: FiltersState, group: string): string {
  return sliceFiltersQuery(filtersOf(state, group))
}

export function editFilters(group: string, edit: Partial<SliceFilters>): void {
  useFilters.setState((state) => ({
    filters: { ...state.filters, [group]: { ...filtersOf(state, group), ...edit } }
  }))
}

export function clearFilters(group: string): void {
  editFilters(group, noSliceFilters)
}

const slabWords = { mean: 'mean', max: 'maximum', min: 'minimum' } as const

/** One sentence for a caption; empty where nothing is filtered. */
export function filtersInWords(filters: SliceFilters): string {
  if (!isFiltered(filters)) return ''
  const { slab, sigma, band } = filters
  const parts: string[] = []
  if (slab && slab.slices > 1) parts.push(`${slabWords[slab.kind]} of ${slab.slices} slices`)
  if (sigma > 0) parts.push(`Gaussian, SD ${sigma} voxels`)
  if (band && (band.low !== null || band.high !== null)) {
    const unit = band.unit === 'nm' ? 'nm' : 'cycles per voxel'
    parts.push(`band-pass ${band.low ?? '0'} to ${band.high ?? '–'} ${unit}`)
  }
  return `Shown filtered: ${parts.join('; ')}.`
}
