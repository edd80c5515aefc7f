import { dirname, extname, isAbsolute, join, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { readFigureSpec } from '../../engine/figure/figure-file.ts'
import { renderFigure } from '../../engine/figure/index.ts'
import type { FigureSource } from '../../engine/figure/index.ts'
import { writeWhole } from '../../engine/files/write-whole.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import type { Volume } from '../../engine/volume/volume.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { FigureFormat, FigureSpec } from '../../shared/figure.ts'
import { writeJson } from '../io.ts'
import type { CliIo } from '../io.ts'
import { programFolders } from '../program-folders.ts'

interface FigureOptions {
  out: string
  dpi?: number
  widthMm?: number
  bits?: number
  data?: true
  json?: true
}

export function register(program: Command, io: CliIo): void {
  program
    .command('figure')
    .description('draw a publication figure from a SPEC that the window saved')
    .argument('<SPEC.json>', 'figure SPEC; paths of volumes in it are relative to its folder')
    .requiredOption(
      '--out <FIG.png|svg|pdf|tiff|csv>',
      'file to write; its ending chooses the format; csv: the numbers behind curves'
    )
    .option('--dpi <DPI>', 'pixels per inch, instead of the SPEC’s', positiveNumber)
    .option('--width-mm <MM>', 'width in millimetres, instead of the SPEC’s', positiveNumber)
    .option('--bits <8|16>', 'bits a channel of a PNG', bitsOf)
    .option('--data', 'with .tiff: the values behind the panels, 32-bit floats, one page each')
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
  const format = formatOf(path, options)
  const { dpi, widthMm } = options
  const overrides = { ...(dpi === undefined ? {} : { dpi }), ...(widthMm === undefined ? {} : { widthMm }) }
  const spec = await readFigureSpec(specPath, overrides)
  const bytes = await render(spec, format, dirname(specPath), io)
  await writeBeside(path, bytes)
  if (options.json) writeJson(io, { path, format, widthMm: spec.widthMm, dpi: spec.dpi })
  else io.stderr(`Wrote ${path}\n`)
}

function bitsOf(text: string): number {
  if (text === '8' || text === '16') return Number(text)
  throw new InvalidArgumentError('It must be 8 or 16.')
}

const endings: Readonly<Record<string, FigureFormat>> = {
  '.png': 'png',
  '.svg': 'svg',
  '.pdf': 'pdf',
  '.tiff': 'tiff',
  '.tif': 'tiff',
  '.csv': 'csv'
}

function formatOf(path: string, { bits, data }: FigureOptions): FigureFormat {
  const format = endings[extname(path).toLowerCase()]
  if (!format)
    throw new WedgeviewError(
      'usage',
      'figure-format',
      `${path} does not end in ${Object.keys(endings).join(', ')}.`,
      'Give --out a name with one of these endings.'
    )
  if (data && format !== 'tiff')
    throw new WedgeviewError(
      'usage',
      'figure-format',
      'Only a TIFF holds data.',
      'Give --out a name that ends in .tiff.'
    )
  if (bits !== undefined && format !== 'png')
    throw new WedgeviewError(
      'usage',
      'figure-format',
      '--bits is for PNG: a TIFF has 16, and SVG and PDF hold slices in 8.',
      'Leave --bits out, or give --out a name that ends in .png.'
    )
  return data ? 'tiff-data' : bits === 16 ? 'png16' : format
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

/** The figure is there complete, or not at all. */
async function writeBeside(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes)
  } catch (error) {
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
