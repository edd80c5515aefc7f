import type { FigurePanel, FigureSpec, VolumePanel } from './figure.ts'
import type { PowerSource } from './figure-plots.ts'
import type { FigureVolumeRecipe } from './figure-volumes.ts'

type Rename = (name: string) => string

/** The figure with every volume of a panel, and every file that its own volumes are made of, named anew. Its own volumes keep their names. */
export function renamedVolumes(spec: FigureSpec, rename: Rename): FigureSpec {
  const named: Rename = (name) => (Object.hasOwn(spec.volumes, name) ? name : rename(name))
  return {
    ...spec,
    volumes: Object.fromEntries(
      Object.entries(spec.volumes).map(([key, recipe]) => [key, renamedRecipe(recipe, named)])
    ),
    panels: spec.panels.map((panel) => renamedPanel(panel, named))
  }
}

/** Every name of a volume in a figure, each once, its own volumes' left out. */
export function volumeNames(spec: FigureSpec): string[] {
  const names = new Set<string>()
  renamedVolumes(spec, (name) => {
    names.add(name)
    return name
  })
  return [...names]
}

function renamedPanel(panel: FigurePanel, rename: Rename): FigurePanel {
  const or = (name: string | null): string | null => (name === null ? null : rename(name))
  const inside = <Part extends { volume: string }>(part: Part | null): Part | null =>
    part && { ...part, volume: rename(part.volume) }
  switch (panel.kind) {
    case 'slice':
      return {
        ...panel,
        volume: rename(panel.volume),
        overlay: inside(panel.overlay),
        comparison: panel.comparison && {
          ...panel.comparison,
          volume: rename(panel.comparison.volume),
          spread: inside(panel.comparison.spread)
        }
      }
    case 'volume':
      return {
        ...panel,
        volume: rename(panel.volume),
        tint: inside(panel.tint),
        crossing: renamedCrossing(panel, rename)
      }
    case 'spectrum':
      return { ...panel, source: renamedSource(panel.source, rename) }
    case 'curves':
      return {
        ...panel,
        curves: panel.curves.map((curve) => ({ ...curve, source: renamedSource(curve.source, rename) }))
      }
    case 'distribution':
      return {
        ...panel,
        members: panel.members.map(rename),
        mean: or(panel.mean),
        std: or(panel.std),
        map: inside(panel.map),
        raw: inside(panel.raw)
      }
  }
}

function renamedCrossing({ crossing }: VolumePanel, rename: Rename): VolumePanel['crossing'] {
  if (crossing?.from === 'members') return { ...crossing, members: crossing.members.map(rename) }
  return crossing?.from === 'gaussian'
    ? { ...crossing, mean: rename(crossing.mean), std: rename(crossing.std) }
    : crossing
}

function renamedSource(source: PowerSource, rename: Rename): PowerSource {
  return source.of === 'volume'
    ? { ...source, volume: rename(source.volume) }
    : { ...source, mean: rename(source.mean), members: source.members.map(rename) }
}

function renamedRecipe(recipe: FigureVolumeRecipe, rename: Rename): FigureVolumeRecipe {
  const or = (name: string | null): string | null => (name === null ? null : rename(name))
  switch (recipe.kind) {
    case 'preview':
    case 'part':
      return { ...recipe, of: rename(recipe.of) }
    case 'probability':
      return { ...recipe, maps: recipe.maps.map(rename) }
    case 'tempered':
      return {
        ...recipe,
        of: rename(recipe.of),
        mean: or(recipe.mean),
        std: or(recipe.std),
        wedgeVariance: or(recipe.wedgeVariance),
        measuredVariance: or(recipe.measuredVariance)
      }
    case 'resampled':
      return { ...recipe, of: rename(recipe.of), onto: rename(recipe.onto) }
  }
}
