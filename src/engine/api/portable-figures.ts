import { renamedVolumes, volumeNames } from '../../shared/figure-names.ts'
import type { FigurePanel, FigureSpec } from '../../shared/figure.ts'
import type { FigureVolumeRecipe } from '../../shared/figure-volumes.ts'
import { voxelBetween } from '../../shared/grids.ts'
import type { MapRole, OpenVolume } from '../../shared/volumes.ts'
import type { ApiContext } from './context.ts'

type Surroundings = Pick<ApiContext, 'volumes' | 'families' | 'reconstructions'>

/**
 * A SPEC as it is saved: files by their paths, which outlive the ids of what is open; volumes that the engine made from them as what they are
 * made of, so that the command line makes them again.
 */
export async function portableFigure(
  spec: FigureSpec,
  around: Surroundings,
  signal?: AbortSignal
): Promise<FigureSpec> {
  const { volumes } = around
  const recipes: Record<string, FigureVolumeRecipe> = {}
  for (const [name, recipe] of Object.entries(spec.volumes))
    recipes[name] = recipe.kind === 'preview' ? await savedPreview(recipe, around, signal) : recipe
  const names = new Map<string, string>()
  // What a made volume is made of may be made itself.
  const naming = [...new Set([...volumeNames(spec), ...volumeNames({ ...spec, panels: [], volumes: recipes })])]
  for (let name = naming.pop(); name !== undefined; name = naming.pop()) {
    if (names.has(name) || !volumes.has(name)) continue
    const { description } = volumes.get(name)
    const recipe = recipeOf(description, around)
    if (!recipe) {
      names.set(name, description.info.path)
      continue
    }
    const key = freshKey(recipes, recipe.kind)
    recipes[key] = recipe
    names.set(name, key)
    naming.push(...volumeNames({ ...spec, panels: [], volumes: { [key]: recipe } }))
  }
  const panels = spec.panels.map((panel) => withQuantity(panel, volumes))
  return renamedVolumes({ ...spec, panels, volumes: recipes }, (name) => names.get(name) ?? name)
}

/** What a map's values are is known here; its file only holds numbers. */
function withQuantity(panel: FigurePanel, volumes: Surroundings['volumes']): FigurePanel {
  if (panel.kind !== 'slice' || panel.quantity !== undefined || !volumes.has(panel.volume)) return panel
  return { ...panel, quantity: volumes.get(panel.volume).description.quantity }
}

function freshKey(recipes: Readonly<Record<string, unknown>>, kind: string): string {
  let number = 1
  while (Object.hasOwn(recipes, `${kind}-${number}`)) number++
  return `${kind}-${number}`
}

/** What a volume that the engine made is made of, by ids; null for a file. */
function recipeOf(description: OpenVolume, { volumes, reconstructions }: Surroundings): FigureVolumeRecipe | null {
  const { derived, runId } = description
  switch (derived?.kind) {
    case 'part':
      return runId === null
        ? null
        : { kind: 'part', of: derived.from, part: derived.part, wedge: reconstructions.wedgeOf(runId) }
    case 'probability': {
      const { threshold, estimate } = derived
      const maps = volumes.list().filter((volume) => volume.runId === runId && !volume.derived)
      const roles: readonly MapRole[] = estimate === 'members' ? ['member'] : ['mean', 'std']
      const ids = roles.flatMap((role) => maps.filter((map) => map.role === role).map(({ id }) => id))
      return { kind: 'probability', threshold, estimate, maps: ids }
    }
    case 'resampled': {
      if (!volumes.has(derived.of) || !volumes.has(derived.onto)) return null
      const [of, onto] = [derived.of, derived.onto].map((id) => volumes.get(id).description)
      const start = voxelBetween(onto, of, { x: 0, y: 0, z: 0 })
      const next = voxelBetween(onto, of, { x: 1, y: 1, z: 1 })
      if (!start || !next) return null
      const step = { x: next.x - start.x, y: next.y - start.y, z: next.z - start.z }
      return { kind: 'resampled', of: of.id, onto: onto.id, start, step }
    }
    default:
      return null
  }
}

async function savedPreview(
  preview: Extract<FigureVolumeRecipe, { kind: 'preview' }>,
  { volumes, families, reconstructions }: Surroundings,
  signal?: AbortSignal
): Promise<FigureVolumeRecipe> {
  const { description } = volumes.get(preview.of)
  const { runId, role } = description
  if (runId === null || role === null) return preview
  const maps = volumes.list().filter((volume) => volume.runId === runId && !volume.derived)
  const idOf = (of: MapRole): string | null => maps.find((map) => map.role === of)?.id ?? null
  return {
    kind: 'tempered',
    of: preview.of,
    role,
    factors: await families.tempering(runId, preview.gamma, signal),
    wedge: reconstructions.wedgeOf(runId),
    mean: idOf('mean'),
    std: idOf('std'),
    wedgeVariance: idOf('wedge-variance'),
    measuredVariance: idOf('measured-variance')
  }
}
