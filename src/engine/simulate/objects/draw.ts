import type { Canvas, Drawn } from '../canvas.ts'
import { blurAngstrom } from '../frame.ts'
import type { PlacedObject } from '../recipe.ts'
import { tubulinName, type Template, type TemplateName, type Templates } from '../template.ts'
import { drawBlob } from './blob.ts'
import { drawTemplate } from './draw-template.ts'
import { drawFilament } from './filament.ts'
import { drawSheet, drawVesicle } from './membrane.ts'
import { drawMicrotubule } from './microtubule.ts'

/** Gold scatters several times as strongly as protein. */
const goldDensity = 5

/** Draws an object from its description alone: the same description gives the same voxels. */
export function drawObject(canvas: Canvas, object: PlacedObject, templates: Templates): Drawn {
  switch (object.kind) {
    case 'macromolecule': {
      const template = templateOf(templates, object.template)
      drawTemplate(canvas, template, object.position.angstrom, object.rotation.quaternion)
      break
    }
    case 'vesicle':
      drawVesicle(canvas, object)
      break
    case 'sheet':
      drawSheet(canvas, object)
      break
    case 'microtubule':
      drawMicrotubule(canvas, object, templateOf(templates, tubulinName))
      break
    case 'filament':
      drawFilament(canvas, object)
      break
    case 'gold-bead': {
      const { radiusAngstrom: radius, position } = object
      const softness = blurAngstrom(canvas.frame)
      drawBlob(canvas, position.angstrom, radius + 4 * softness, (distance) => {
        return (goldDensity / 2) * (1 - Math.tanh((distance - radius) / softness))
      })
    }
  }
  return canvas.take()
}

export function templateOf(templates: Templates, name: TemplateName): Template {
  const template = templates.get(name)
  if (!template) throw new RangeError(`The template ${name} was not loaded.`)
  return template
}
