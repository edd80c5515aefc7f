/** Angstrom in one of each unit that OME-Zarr, OME-TIFF and ImageJ files name. */
const angstromIn = new Map<string, number>([
  ['angstrom', 1],
  ['ångström', 1],
  ['å', 1],
  ['a', 1],
  ['picometer', 0.01],
  ['pm', 0.01],
  ['nanometer', 10],
  ['nm', 10],
  ['micrometer', 1e4],
  ['micron', 1e4],
  ['microns', 1e4],
  ['um', 1e4],
  ['µm', 1e4],
  ['μm', 1e4],
  ['\\u00b5m', 1e4],
  ['millimeter', 1e7],
  ['mm', 1e7],
  ['centimeter', 1e8],
  ['cm', 1e8],
  ['meter', 1e10],
  ['m', 1e10]
])

/** How many angstrom a unit of length is, or undefined for what is no unit of length (pixel, inch of a screen, nothing). */
export function angstromPerUnit(unit: string | undefined): number | undefined {
  return unit === undefined ? undefined : angstromIn.get(unit.trim().toLowerCase())
}
