import { join } from 'node:path'
import PDFDocument from 'pdfkit'
import type { FigureDrawing } from './figure-svg.ts'
import { fontFiles } from './png.ts'
import type { Attributes, Drawn } from './svg.ts'

type Document = InstanceType<typeof PDFDocument>

/**
 * A figure as a PDF page of its true size: text as text in the embedded fonts, bars as vectors, slices as rasters of their own voxels.
 *
 * @param about document information: what the file says of itself
 */
export async function figurePdf(
  { root, widthPoints, heightPoints }: FigureDrawing,
  fontFolder: string,
  about: { title: string; date?: Date }
): Promise<Uint8Array> {
  const document = new PDFDocument({
    size: [widthPoints, heightPoints],
    margin: 0,
    font: join(fontFolder, fontFiles.regular),
    info: { Title: about.title, Creator: 'Wedgeview', CreationDate: about.date ?? new Date() }
  })
  document.registerFont('regular', join(fontFolder, fontFiles.regular))
  document.registerFont('semiBold', join(fontFolder, fontFiles.semiBold))
  const chunks: Buffer[] = []
  const ended = new Promise<void>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk))
    document.on('end', () => resolve())
    document.on('error', reject)
  })
  draw(document, root.children)
  document.end()
  await ended
  return new Uint8Array(Buffer.concat(chunks))
}

type Gradients = Map<string, Drawn>

function draw(document: Document, elements: readonly Drawn[], gradients: Gradients = new Map()): void {
  for (const drawn of elements) {
    switch (drawn.name) {
      case 'g':
        draw(document, drawn.children, gradients)
        break
      case 'svg':
        drawInside(document, drawn, gradients)
        break
      case 'defs':
        for (const child of drawn.children) gradients.set(String(child.attributes.id), child)
        break
      case 'rect':
        drawRectangle(document, drawn.attributes, gradients)
        break
      case 'line':
        drawLine(document, drawn.attributes)
        break
      case 'path':
        drawPath(document, drawn.attributes)
        break
      case 'text':
        drawText(document, drawn)
        break
      default:
        throw new Error(`A figure's ${drawn.name} has no way into PDF.`)
    }
  }
}

/** A frame with coordinates of its own, and nothing beyond its edge: a slice's pixels, or lines in points over it. */
function drawInside(document: Document, { attributes, children }: Drawn, gradients: Gradients): void {
  const [x, y, width, height] = numbers(attributes, 'x', 'y', 'width', 'height')
  const [, , columns, rows] = String(attributes.viewBox).split(' ').map(Number)
  document.save()
  document.rect(x, y, width, height).clip()
  for (const child of children) {
    if (child.name === 'image') {
      const { attributes: image } = child
      const png = Buffer.from(String(image.href).slice('data:image/png;base64,'.length), 'base64')
      const [left, top, across, down] = numbers(image, 'x', 'y', 'width', 'height')
      document.image(png, x + (left / columns) * width, y + (top / rows) * height, {
        width: (across / columns) * width,
        height: (down / rows) * height
      })
      continue
    }
    document.save()
    document.translate(x, y).scale(width / columns, height / rows)
    draw(document, [child], gradients)
    document.restore()
  }
  document.restore()
}

function drawRectangle(document: Document, attributes: Attributes, gradients: Gradients): void {
  const [x, y, width, height] = numbers(attributes, 'x', 'y', 'width', 'height')
  if (width <= 0 || height <= 0) return
  const gradient = /^url\(#(.*)\)$/.exec(String(attributes.fill))?.[1]
  if (gradient !== undefined) {
    const stops = gradients.get(gradient)?.children ?? []
    const shading = document.linearGradient(x, y, x + width, y)
    for (const { attributes: stop } of stops) shading.stop(Number(stop.offset), String(stop['stop-color']))
    document.rect(x, y, width, height).fill(shading)
    return
  }
  if (attributes.fill !== 'none') {
    document.fillOpacity(Number(attributes['fill-opacity'] ?? 1))
    document.rect(x, y, width, height).fill(String(attributes.fill))
    document.fillOpacity(1)
  }
  if (attributes.stroke !== undefined)
    document
      .lineWidth(Number(attributes['stroke-width'] ?? 1))
      .rect(x, y, width, height)
      .stroke(String(attributes.stroke))
}

function drawLine(document: Document, attributes: Attributes): void {
  const [x1, y1, x2, y2] = numbers(attributes, 'x1', 'y1', 'x2', 'y2')
  stroked(document, attributes, () => document.moveTo(x1, y1).lineTo(x2, y2))
}

function drawPath(document: Document, attributes: Attributes): void {
  const path = String(attributes.d)
  if (attributes.fill !== undefined && attributes.fill !== 'none') {
    document.fillOpacity(Number(attributes['fill-opacity'] ?? 1))
    document.path(path).fill(String(attributes.fill))
    document.fillOpacity(1)
  }
  if (attributes.stroke !== undefined) stroked(document, attributes, () => document.path(path))
}

function stroked(document: Document, attributes: Attributes, outline: () => Document): void {
  const dashes = attributes['stroke-dasharray']
  document.save()
  document.lineWidth(Number(attributes['stroke-width'] ?? 1)).strokeOpacity(Number(attributes['stroke-opacity'] ?? 1))
  if (attributes['stroke-linecap'] === 'round') document.lineCap('round')
  if (attributes['stroke-linejoin'] === 'round') document.lineJoin('round')
  if (dashes !== undefined) {
    const [length, space] = String(dashes).split(' ').map(Number)
    document.dash(length, { space })
  }
  outline().stroke(String(attributes.stroke))
  document.restore()
}

function drawText(document: Document, { attributes, text = '' }: Drawn): void {
  const [x, y] = numbers(attributes, 'x', 'y')
  document.font(Number(attributes['font-weight'] ?? 400) >= 600 ? 'semiBold' : 'regular')
  document.fontSize(Number(attributes['font-size']))
  const width = document.widthOfString(text)
  const anchor = attributes['text-anchor'] ?? 'start'
  const left = x - (anchor === 'middle' ? width / 2 : anchor === 'end' ? width : 0)
  const options = { lineBreak: false, baseline: 'alphabetic' as const }
  document.save()
  if (attributes.transform !== undefined) {
    const turn = /^rotate\(([-\d.]+) ([-\d.]+) ([-\d.]+)\)$/.exec(String(attributes.transform))
    if (!turn) throw new Error(`A figure's transform ${attributes.transform} has no way into PDF.`)
    document.rotate(Number(turn[1]), { origin: [Number(turn[2]), Number(turn[3])] })
  }
  // The rim lies behind the letters.
  if (attributes.stroke !== undefined) {
    document.lineWidth(Number(attributes['stroke-width'] ?? 1)).lineJoin('round')
    document.strokeColor(String(attributes.stroke))
    document.text(text, left, y, { ...options, stroke: true, fill: false })
  }
  document.fillColor(String(attributes.fill))
  document.text(text, left, y, { ...options, stroke: false, fill: true })
  document.restore()
}

function numbers(attributes: Attributes, ...names: string[]): number[] {
  return names.map((name) => Number(attributes[name] ?? 0))
}
