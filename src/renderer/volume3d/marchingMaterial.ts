import { GLSL3, RawShaderMaterial, Vector2, Vector3, Vector4 } from 'three'
import type { Data3DTexture, DataTexture, Texture } from 'three'
import type { VolumeMode } from '../stores/volumeView.ts'
import vertexShader from '../slices/slice.vert.glsl?raw'
import { coarseEdge, fineEdge } from './bricks.ts'
import copyShader from './copy.frag.glsl?raw'
import mainShader from './marching.frag.glsl?raw'
import marchingShader from './marching.glsl?raw'
import raysShader from './rays.glsl?raw'

/** Draws a block by marching rays through it; marching.glsl says what each uniform is. */
export function marchingMaterial() {
  const uniforms = {
    uSize: { value: new Vector2(1, 1) },
    uFrame: { value: 0 },
    uRight: { value: new Vector3(1, 0, 0) },
    uUp: { value: new Vector3(0, 1, 0) },
    uBack: { value: new Vector3(0, 0, 1) },
    uTarget: { value: new Vector3() },
    uHalfHeight: { value: 1 },
    uPerspective: { value: false },
    uEyeDistance: { value: 1 },
    uVolume: { value: null as Data3DTexture | null },
    uVolumeCoded: { value: false },
    uLow: { value: new Vector3() },
    uHigh: { value: new Vector3(1, 1, 1) },
    uTexels: { value: new Vector3(1, 1, 1) },
    uClipLow: { value: new Vector3(0, 0, 0) },
    uClipHigh: { value: new Vector3(1, 1, 1) },
    uClipPlane: { value: new Vector4(0, 0, 0, 0) },
    uGrid: { value: null as Data3DTexture | null },
    uGridTexels: { value: new Vector3(1, 1, 1) },
    uGridOrigin: { value: new Vector3(0, 0, 0) },
    uGridScale: { value: new Vector3(1, 1, 1) },
    uHasBricks: { value: false },
    uBricks: { value: null as Data3DTexture | null },
    uBrickCount: { value: new Vector3(1, 1, 1) },
    uBrickEdge: { value: coarseEdge },
    uFineBricks: { value: null as Data3DTexture | null },
    uFineCount: { value: new Vector3(1, 1, 1) },
    uFineEdge: { value: fineEdge },
    uSpace: { value: null as Data3DTexture | null },
    uRange: { value: new Vector2(0, 1) },
    uColours: { value: null as DataTexture | null },
    uInk: { value: true },
    uTransfer: { value: null as DataTexture | null },
    uVisible: { value: new Vector2(0, 1) },
    uLevel: { value: 0 },
    uSurfaceColour: { value: new Vector3(0.8, 0.8, 0.8) },
    uShininess: { value: 0.12 },
    uHasTint: { value: false },
    uTint: { value: null as Data3DTexture | null },
    uTintCoded: { value: false },
    uTintOrigin: { value: new Vector3() },
    uTintScale: { value: new Vector3(1, 1, 1) },
    uTintRange: { value: new Vector2(0, 1) },
    uTintColours: { value: null as DataTexture | null },
    uSlices: { value: new Vector3(-1, -1, -1) },
    uSliceRange: { value: new Vector2(0, 1) },
    uBackground: { value: new Vector3() },
    uBackgroundTop: { value: new Vector3() },
    uDepthCue: { value: 0 },
    uStep: { value: 1 },
    uHasCone: { value: false },
    uConeCentre: { value: new Vector3() },
    uConeRadius: { value: 1 },
    uConeAcross: { value: new Vector3(1, 0, 0) },
    uConeBeam: { value: new Vector3(0, 0, 1) },
    uConeTilt: { value: new Vector2(-1, 1) }
  }
  const material = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader,
    fragmentShader: `${marchingShader}\n${raysShader}\n${mainShader}`,
    uniforms,
    defines: { MODE: modeNumbers.surface, CODED: 0 },
    depthTest: false,
    depthWrite: false
  })
  return { material, uniforms }
}

/** As the shader knows them: a program for each, made when it is first drawn. */
export const modeNumbers: Readonly<Record<VolumeMode, number>> = {
  maximum: 0,
  average: 1,
  direct: 2,
  surface: 3,
  crossing: 4
}

export type MarchingUniforms = ReturnType<typeof marchingMaterial>['uniforms']

/** Puts a finished picture into a pane's rectangle. */
export function copyMaterial() {
  const uniforms = { uViewport: { value: new Vector4() }, uPicture: { value: null as Texture | null } }
  const material = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader,
    fragmentShader: copyShader,
    uniforms,
    depthTest: false,
    depthWrite: false
  })
  return { material, uniforms }
}
