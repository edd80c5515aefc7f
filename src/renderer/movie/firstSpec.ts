import { planeAxes } from '../../shared/axes.ts'
import {
  even,
  isVideo,
  movieLimits,
  type MotionKind,
  type MovieFormat,
  type MovieMotion,
  type MovieSpec
} from '../../shared/movie.ts'
import { methods } from '../../shared/methods.ts'
import { gammaOf } from '../family/families.ts'
import { layerTitle } from '../panes/layerTitle.ts'
import { sliceExtent, type Size } from './pictureScale.ts'
import type { MovieSubject } from './subject.ts'

/** A motion of a kind, as large as the pane allows. */
export function firstMotion(kind: MotionKind, subject: MovieSubject): MovieMotion {
  switch (kind) {
    case 'slices': {
      const [from, to] = sliceRange(subject)
      return { kind, from, to, step: 1, back: false }
    }
    case 'members':
      return { kind, hold: 6, fade: 0 }
    case 'turn':
      return { kind, axis: 'screen-y', degrees: 360, rock: false, frames: 120 }
    case 'path':
      return { kind, views: Object.keys(subject.views), closed: false, frames: 120 }
    case 'temperature': {
      const own = subject.family ? gammaOf(subject.family) : 1
      return { kind, from: own / 4, to: own * 4, back: true, frames: 72 }
    }
  }
}

/** First and last slice of what the pane shows, in the tomogram's voxels. */
export function sliceRange(subject: MovieSubject): [number, number] {
  if (subject.kind !== 'slice') return [0, 0]
  const { pane, base, view } = subject.model
  const { normal } = planeAxes[pane.plane]
  const [from, to] = base.region?.box[normal] ?? [0, view.size[normal]]
  return [from, to - 1]
}

/** The movie a person begins with: as the last one where that still fits the pane. */
export function firstSpec(subject: MovieSubject, last: MovieSpec | null): MovieSpec {
  if (last) {
    const motion = fitting(last.motion, subject)
    // Who wants no caption wants none the next time either.
    return { ...last, motion, caption: last.caption === '' ? '' : suggestedCaption(subject, motion.kind) }
  }
  const motion = firstMotion(subject.motions[0] ?? 'slices', subject)
  return {
    formatVersion: 1,
    motion,
    framesPerSecond: 24,
    ...shapedSize(pictureShape(subject, 'pane'), 720),
    format: 'mp4',
    quality: 'good',
    framing: 'pane',
    scaleBar: true,
    colourBar: true,
    axes: true,
    wedge: true,
    crosshair: false,
    caption: suggestedCaption(subject, motion.kind),
    counter: true,
    background: 'black'
  }
}

/** What is shown in all frames: the pane's volume, or the run whose members follow each other. */
export function suggestedCaption({ model, family }: MovieSubject, kind: MotionKind): string {
  if (kind !== 'members' || !family) return layerTitle(model.base)
  return family.job.name ?? methods[family.job.request.method].name
}

/** The movie with another motion; a caption that nobody has changed follows it. */
export function withMotion(spec: MovieSpec, motion: MovieMotion, subject: MovieSubject): MovieSpec {
  const isOurs = spec.caption === suggestedCaption(subject, spec.motion.kind)
  return { ...spec, motion, caption: isOurs ? suggestedCaption(subject, motion.kind) : spec.caption }
}

function fitting(motion: MovieMotion, subject: MovieSubject): MovieMotion {
  if (!subject.motions.includes(motion.kind)) return firstMotion(subject.motions[0] ?? 'slices', subject)
  if (motion.kind === 'slices') {
    const [low, high] = sliceRange(subject)
    const isInside = Math.min(motion.from, motion.to) >= low && Math.max(motion.from, motion.to) <= high
    return isInside ? motion : firstMotion('slices', subject)
  }
  if (motion.kind === 'path' && !motion.views.every((name) => name in subject.views))
    return firstMotion('path', subject)
  return motion
}

/** What the movie shows, as a shape: the pane's, or the slice's own. */
export function pictureShape(subject: MovieSubject, framing: MovieSpec['framing']): Size {
  return subject.kind === 'slice' && framing === 'whole' ? sliceExtent(subject.model) : subject.size
}

/** A shape at a height, in even numbers and within the limits. */
export function shapedSize(shape: Size, height: number): Size {
  const [least, most] = movieLimits.side
  return { width: Math.min(most, Math.max(least, even((shape.width / shape.height) * height))), height }
}

/** A size that the format can have. */
export function sizeFor(format: MovieFormat, { width, height }: Size): Size {
  return isVideo(format) ? { width: even(width), height: even(height) } : { width, height }
}
