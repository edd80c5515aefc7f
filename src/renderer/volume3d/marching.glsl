precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler3D;

// One program a mode: MODE is one of these, defined by the material.
#define MAXIMUM 0
#define AVERAGE 1
#define DIRECT 2
#define SURFACE 3
#define CROSSING 4

out vec4 colour;

// The target in pixels, and the number of this refinement: each frame samples the rays elsewhere.
uniform vec2 uSize;
uniform int uFrame;

// Camera. World units are x voxels of the tomogram; the axes are unit vectors, back points at the viewer.
uniform vec3 uRight;
uniform vec3 uUp;
uniform vec3 uBack;
uniform vec3 uTarget;
uniform float uHalfHeight;
uniform bool uPerspective;
uniform float uEyeDistance;

// The block of voxels: its corners in the world, its texels, and the part that is not clipped away (0 to 1). Values are the texture's own:
// what they are compared with has been brought to the same scale.
uniform sampler3D uVolume;
uniform bool uVolumeCoded;
uniform vec3 uLow;
uniform vec3 uHigh;
uniform vec3 uTexels;
uniform vec3 uClipLow;
uniform vec3 uClipHigh;
// What lies on the side of its normal is cut away: dot(normal, world) > offset. A zero normal cuts nothing.
uniform vec4 uClipPlane;
// What rays march through: the block itself, or cells of crossing probabilities (and mean) at a place of their own in it.
uniform sampler3D uGrid;
uniform vec3 uGridTexels;
uniform vec3 uGridOrigin;
uniform vec3 uGridScale;
// Smallest and largest value of every brick of the grid and its border, of coarse bricks and of the fine ones that they are made of.
uniform bool uHasBricks;
uniform sampler3D uBricks;
uniform vec3 uBrickCount;
uniform float uBrickEdge;
uniform sampler3D uFineBricks;
uniform vec3 uFineCount;
uniform float uFineEdge;
// How far a ray may leap from a coarse brick in which nothing is drawn, and on which side of the level that is (emptySpace.ts).
uniform sampler3D uSpace;

// Values drawn with the first and the last colour; the first above the last where dark is dense.
uniform vec2 uRange;
uniform sampler2D uColours;
uniform bool uInk;
// RGBA by share of the range; alpha is opacity per step.
uniform sampler2D uTransfer;
// Values between which anything is visible: of the transfer function, of probabilities.
uniform vec2 uVisible;
uniform float uLevel;
uniform vec3 uSurfaceColour;
uniform float uShininess;

// A second map that colours the surface: its place in the block's coordinates.
uniform bool uHasTint;
uniform sampler3D uTint;
uniform bool uTintCoded;
uniform vec3 uTintOrigin;
uniform vec3 uTintScale;
uniform vec2 uTintRange;
uniform sampler2D uTintColours;

// Slices in place, at these coordinates of the block (0 to 1); below zero: none.
uniform vec3 uSlices;
uniform vec2 uSliceRange;

// At the bottom and at the top.
uniform vec3 uBackground;
uniform vec3 uBackgroundTop;
uniform float uDepthCue;
// Texels a step.
uniform float uStep;

// The unmeasured double wedge in place: tangents of its half opening are held as the limits' directions.
uniform bool uHasCone;
uniform vec3 uConeCentre;
uniform float uConeRadius;
uniform vec3 uConeAcross;
uniform vec3 uConeBeam;
uniform vec2 uConeTilt;

const float NOWHERE = 1e30;

float hash(uvec3 v) {
  v = v * 1664525u + 1013904223u;
  v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
  v ^= v >> 16u;
  v.x += v.y * v.z; v.y += v.z * v.x; v.z += v.x * v.y;
  return float(v.x >> 8u) / 16777216.0;
}

// Codes of 16 bits have their low byte in the first channel and the high one in the second, each interpolated by itself.
const vec2 CODE = vec2(1.0, 256.0) / 257.0;

// A level of detail by name: without one a browser without a graphics card works out which, at every sample.
float valueAt(vec3 q) {
#if CODED
  return dot(textureLod(uGrid, q, 0.0).rg, CODE);
#else
  return textureLod(uGrid, q, 0.0).r;
#endif
}

// What the slope that light falls on is of.
float reliefAt(vec3 q) {
#if MODE == CROSSING
  return textureLod(uGrid, q, 0.0).g;
#else
  return valueAt(q);
#endif
}

float decoded(vec4 texel, bool coded) {
  return coded ? dot(texel.rg, CODE) : texel.r;
}

float shareOf(float value, vec2 range) {
  return clamp((value - range.x) / (range.y - range.x), 0.0, 1.0);
}

vec3 colourOf(sampler2D colours, float share) {
  return texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb;
}

// Where a ray enters and leaves a box; the first after the second where it misses.
vec2 crossing(vec3 origin, vec3 direction, vec3 low, vec3 high) {
  vec3 a = (low - origin) / direction;
  vec3 b = (high - origin) / direction;
  vec3 near = min(a, b);
  vec3 far = max(a, b);
  return vec2(max(max(near.x, near.y), near.z), min(min(far.x, far.y), far.z));
}

// Differences one texel apart, per world unit: of a surface central ones, in a cloud from the corners of a tetrahedron (four samples).
vec3 gradientAt(vec3 q, vec3 extent) {
  vec3 h = 1.0 / uGridTexels;
#if MODE == DIRECT || MODE == CROSSING
  const vec2 s = vec2(1.0, -1.0);
  vec3 sum = s.xxx * reliefAt(q + s.xxx * h) + s.xyy * reliefAt(q + s.xyy * h) + s.yxy * reliefAt(q + s.yxy * h) +
    s.yyx * reliefAt(q + s.yyx * h);
  return sum * uGridScale / (4.0 * h * extent);
#else
  vec3 difference = vec3(
    reliefAt(q + vec3(h.x, 0, 0)) - reliefAt(q - vec3(h.x, 0, 0)),
    reliefAt(q + vec3(0, h.y, 0)) - reliefAt(q - vec3(0, h.y, 0)),
    reliefAt(q + vec3(0, 0, h.z)) - reliefAt(q - vec3(0, 0, h.z))
  );
  return difference * uGridScale / (2.0 * h * extent);
#endif
}

// A lamp at the viewer's shoulder, and half way between it and the viewer; the same along a ray.
vec3 lamp;
vec3 halfWay;

void setLamp(vec3 direction) {
  lamp = normalize(0.35 * uUp + 0.2 * uRight - direction);
  halfWay = normalize(lamp - direction);
}

// What comes back of a colour, and white on top of it. Both sides are lit: a surface cut open shows its inside.
vec2 lightOn(vec3 slope) {
  float steepness = length(slope);
  if (!(steepness > 1e-12)) return vec2(1.0, 0.0);
  vec3 normal = slope / steepness;
  float glint = dot(normal, halfWay);
  for (int i = 0; i < 5; i++) glint *= glint;
  return vec2(0.28 + 0.72 * abs(dot(normal, lamp)), uShininess * glint);
}

vec3 tintAt(vec3 p, vec3 fallback) {
  if (!uHasTint) return fallback;
  vec3 at = (p - uTintOrigin) * uTintScale;
  if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return fallback;
  return colourOf(uTintColours, shareOf(decoded(textureLod(uTint, at, 0.0), uTintCoded), uTintRange));
}

vec4 over(vec4 front, vec3 behind) {
  return vec4(front.rgb + (1.0 - front.a) * behind, 1.0);
}

// How much of the ray lies in the unmeasured double wedge around the cone's centre.
float lengthInCone(vec3 origin, vec3 direction, float until) {
  if (!uHasCone) return 0.0;
  vec3 from = origin - uConeCentre;
  float along = dot(from, direction);
  float inside = along * along - dot(from, from) + uConeRadius * uConeRadius;
  if (inside <= 0.0) return 0.0;
  float near = max(0.0, -along - sqrt(inside));
  float far = min(until, -along + sqrt(inside));
  if (far <= near) return 0.0;
  const int parts = 96;
  float within = 0.0;
  for (int i = 0; i < parts; i++) {
    vec3 at = from + direction * mix(near, far, (float(i) + 0.5) / float(parts));
    float tilt = atan(dot(at, uConeBeam), dot(at, uConeAcross));
    // Directions, not arrows: -180 to 180 folds to -90 to 90.
    if (tilt > 1.5707963) tilt -= 3.1415927;
    if (tilt < -1.5707963) tilt += 3.1415927;
    if (tilt < uConeTilt.x || tilt > uConeTilt.y) within += 1.0;
  }
  return (far - near) * within / float(parts);
}

// What a ray met: its colour so far, or the value that counts, and where.
struct Met {
  vec4 colour;
  float value;
  float counted;
  float depth;
};
