import { z } from 'zod'

/**
 * A movie as plain data: what moves, how long, how large, and in which file. Which pane it is of, and everything else that is
 * seen in it, is the window's state when it is made.
 */

export const movieLimits = { side: [16, 7680], frames: [1, 20_000], framesPerSecond: [0.1, 60] } as const

const frameCount = z.int().min(movieLimits.frames[0]).max(movieLimits.frames[1])
const side = z.int().min(movieLimits.side[0]).max(movieLimits.side[1])
const temperature = z.number().positive().max(1e6)

/** What changes from frame to frame. `back`: there and back again, so that it can be played round and round. */
export const movieMotionSchema = z.discriminatedUnion('kind', [
  /** Slices of the pane's plane, both ends included, in the tomogram's voxels; from may lie above to. */
  z.object({
    kind: z.literal('slices'),
    from: z.int().min(0),
    to: z.int().min(0),
    step: z.int().min(1),
    back: z.boolean()
  }),
  /** The members of the family that the pane shows, in order, each for `hold` frames; the last `fade` of them turn into the next. */
  z
    .object({ kind: z.literal('members'), hold: z.int().min(1).max(1000), fade: z.int().min(0).max(999) })
    .refine(({ hold, fade }) => fade < hold, { message: 'fade has to be less than hold', path: ['fade'] }),
  /**
   * The 3-D view turns about an axis of the tomogram, or about the screen's. Whole turns come out where they began, without showing that
   * frame twice; `rock` swings by half of the degrees to either side.
   */
  z.object({
    kind: z.literal('turn'),
    axis: z.enum(['x', 'y', 'z', 'screen-x', 'screen-y']),
    degrees: z.number().min(-36_000).max(36_000),
    rock: z.boolean(),
    frames: frameCount
  }),
  /** The 3-D view passes smoothly through kept views, by their names; `closed`: and back to the first. */
  z.object({ kind: z.literal('path'), views: z.array(z.string()).min(2), closed: z.boolean(), frames: frameCount }),
  /** The family as predicted for temperatures from one to another, in even ratios. */
  z.object({
    kind: z.literal('temperature'),
    from: temperature,
    to: temperature,
    back: z.boolean(),
    frames: frameCount
  })
])

export const movieFormats = ['mp4', 'webm', 'gif', 'png'] as const
export type MovieFormat = (typeof movieFormats)[number]
/** What each format's file is called; PNG frames lie in an archive. */
export const movieEndings: Readonly<Record<MovieFormat, string>> = { mp4: 'mp4', webm: 'webm', gif: 'gif', png: 'zip' }

export const movieSpecSchema = z
  .object({
    formatVersion: z.literal(1),
    motion: movieMotionSchema,
    framesPerSecond: z.number().min(movieLimits.framesPerSecond[0]).max(movieLimits.framesPerSecond[1]),
    /** In pixels. */
    width: side,
    height: side,
    format: z.enum(movieFormats),
    /** Bits spent on a pixel of MP4 and WebM; the other formats lose nothing by it. */
    quality: z.enum(['small', 'good', 'best']),
    /** What the pane shows now, or the whole slice, edge to edge; a 3-D view is always as in the pane. */
    framing: z.enum(['pane', 'whole']),
    scaleBar: z.boolean(),
    /** What the overlay's, the difference's or the surface's colours mean, where there are any. */
    colourBar: z.boolean(),
    /** The orientation cube of a 3-D view, with the tomogram's axes. */
    axes: z.boolean(),
    /** The unmeasured double wedge in the corner of a 3-D view, turning with it. */
    wedge: z.boolean().default(true),
    /** Of slices. */
    crosshair: z.boolean().default(false),
    /** A line above the picture; empty: none. */
    caption: z.string().max(300),
    /** Whether each frame tells its slice, member or temperature. */
    counter: z.boolean(),
    /** Behind and around what is drawn. */
    background: z.enum(['pane', 'black', 'white'])
  })
  .refine(({ format, width, height }) => !isVideo(format) || (width % 2 === 0 && height % 2 === 0), {
    message: 'video needs an even width and height',
    path: ['width']
  })

export type MovieMotion = z.infer<typeof movieMotionSchema>
export type MotionKind = MovieMotion['kind']
export type MotionOf<Kind extends MotionKind> = Extract<MovieMotion, { kind: Kind }>
export type MovieSpec = z.infer<typeof movieSpecSchema>

/** Formats whose frames an encoder of the browser compresses. */
export function isVideo(format: MovieFormat): boolean {
  return format === 'mp4' || format === 'webm'
}

/** The nearest size that a video can have: colour is stored for every other pixel. */
export function even(pixels: number): number {
  return Math.max(2, Math.round(pixels / 2) * 2)
}
