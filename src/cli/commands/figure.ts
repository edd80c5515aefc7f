import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, extname, isAbsolute, join, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { figureFormats, renderFigure } from '../../engine/figure/index.ts'
import type { FigureFormat, FigureSource } from '../../engine/figure/index.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import type { Volume } from '../../engine/volume/volume.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { programFolders } from '../program-folders.ts'

interface FigureOptions {
  out: string
  dpi?: number
  widthMm?: number
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('figure')
    .description('draw a publication figure from a SPEC that the window saved')
    .argument('<SPEC.json>', 'figure SPEC; paths of volumes in it are relative to its folder')
    .requiredOption('--out <FIG.png|svg>', 'file to write; its ending chooses the format')
    .option('--dpi <DPI>', 'pixels per inch, instead of the SPEC’s', positiveNumber)
    .option('--width-mm <MM>', 'width in millimetres, instead of the SPEC’s', positiveNumber)
    .option('--json', 'print {path, format, widthMm, dpi} on standard output')
    .action((spec: string, options: FigureOptions) => drawFigure(spec, options, io))
}

function positiveNumber(text: string): number {
  const value = Number(text)
  if (Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a positive number.')
}

async function drawFigure(specFile: string, options: FigureOptions, io: CliIo): Promise<void> {
  const specPath = resolve(io.workingDirectory, specFile)
  const path = resolve(io.workingDirectory, options.out)
  const format = formatOf(path)
  const spec = withOptions(await readSpec(specPath), options)
  const bytes = await render(spec, format, dirname(specPath), io)
  await writeBeside(path, bytes)
  if (options.json) writeJson(io, { path, format, widthMm: spec.widthMm, dpi: spec.dpi })
  else io.stderr(`Wrote ${path}\n`)
}

function formatOf(path: string): FigureFormat {
  const ending = extname(path).slice(1).toLowerCase()
  const format = figureFormats.find((each) => each === ending)
  if (format) return format
  throw new WedgeviewError(
    'usage',
    'figure-format',
    `${path} does not end in ${figureFormats.map((each) => `.${each}`).join(' or ')}.`,
    'Give --out a name with one of these endings.'
  )
}

async function readSpec(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw badSpec(path, 'it can’t be read', error)
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badSpec(path, 'it is not JSON', error)
  }
}

function withOptions(document: unknown, { dpi, widthMm }: FigureOptions): FigureSpec {
  const given = { ...(dpi === undefined ? {} : { dpi }), ...(widthMm === undefined ? {} : { widthMm }) }
  const spec = figureSpecSchema.safeParse(
    typeof document === 'object' && document !== null ? { ...document, ...given } : document
  )
  if (spec.success) return spec.data
  const problems = spec.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new WedgeviewError(
    'input',
    'figure-spec',
    `The figure SPEC is not as expected: ${problems.join('; ')}.`,
    'Correct the named fields, or save the SPEC from the window again.'
  )
}

function badSpec(path: string, problem: string, cause: unknown): WedgeviewError {
  const message = `${path} is not a figure SPEC: ${problem}.`
  return new WedgeviewError('input', 'figure-spec', message, 'Give a SPEC that the window saved.', { cause })
}

async function render(spec: FigureSpec, format: FigureFormat, folder: string, io: CliIo): Promise<Uint8Array> {
  const opened = new Map<string, Volume>()
  const signal = io.interrupted
  const source: FigureSource = {
    fontFolder: join(programFolders().resources, 'fonts'),
    signal,
    async resolve(name) {
      const path = isAbsolute(name) ? name : resolve(folder, name)
      const volume = opened.get(path) ?? (await openVolume(path, { signal }))
      opened.set(path, volume)
      return { volume, quantity: 'grey value' }
    }
  }
  try {
    return await renderFigure(spec, format, source)
  } finally {
    await Promise.all([...opened.values()].map((volume) => volume.close()))
  }
}

/** Written beside, flushed, renamed: the figure is there complete, or not at all. */
async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${randomUUID()}.part`
  try {
    const file = await open(beside, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    const reason = error instanceof Error ? error.message : String(error)
    throw new WedgeviewError(
      'job',
      'figure-not-written',
      `${path} could not be written: ${reason}.`,
      'Choose an existing folder that you may write to, with space left.',
      { cause: error }
    )
  }
}
