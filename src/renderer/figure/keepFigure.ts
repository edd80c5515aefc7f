import { figureSpecSchema } from '../../shared/figure.ts'
import { volumeNames } from '../../shared/figure-names.ts'
import { registerDocument } from '../session/documents.ts'
import { useVolumes } from '../stores/volumes.ts'
import { specOf, takeSpec, useFigure } from './figureStore.ts'

/** Lets sessions keep the figure that is edited: one whose panels were changed by hand, and whose volumes are all still open or files. */
export function keepFigure(): void {
  registerDocument({
    name: 'figure',
    read: () => {
      const state = useFigure.getState()
      const spec = specOf(state)
      const { volumes } = useVolumes.getState()
      const isNamed = (name: string): boolean => name in volumes || /[\\/]/.test(name)
      return state.edited && spec.panels.length > 0 && volumeNames(spec).every(isNamed) ? spec : undefined
    },
    write: (kept) => {
      const spec = figureSpecSchema.safeParse(kept).data
      if (spec) takeSpec(spec)
      else useFigure.setState({ entries: [], volumes: {}, selected: null, edited: false })
    },
    subscribe: (listener) => useFigure.subscribe(listener)
  })
}
