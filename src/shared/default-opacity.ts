/** A corner of the opacity curve: share of the grey range, and opacity of one voxel there. */
export interface OpacityPoint {
  share: number
  opacity: number
}

/** What direct volume rendering begins with: the background stays clear, the densest third stands out. */
export const defaultOpacity: readonly OpacityPoint[] = [
  { share: 0, opacity: 0 },
  { share: 0.6, opacity: 0 },
  { share: 0.85, opacity: 0.12 },
  { share: 1, opacity: 0.5 }
]
