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
// Smallest and largest value of every brick of the grid and its border.
uniform bool uHasBricks;
uniform sampler3D uBricks;
uniform vec3 uBrickCount;
uniform float uBrickEdge;

// Values drawn with the first and the last colour; the first above the last where dark is dense.
uniform vec2 uRange;
uniform sampler2D uColours;
uniform bool uInk;
// RGBA by share of the range; alpha is opacity per step.
uniform sampler2D uTransfer;
// Shares of the range between which the transfer function is not transparent.
uniform vec2 uVisible;
uniform float uLevel;
uniform vec3 uSurfaceColour;
uniform float uShininess;

// A second map that colours the surface: its place in the block's coordinates.
uniform bool uHasTint;
uniform sampler3D uTint;
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

// A level of detail by name: without one a browser without a graphics card works out which, at every sample.
float valueAt(vec3 q) {
  return textureLod(uGrid, q, 0.0).r;
}

// What the slope that light falls on is of.
float reliefAt(vec3 q) {
#if MODE == CROSSING
  return textureLod(uGrid, q, 0.0).g;
#else
  return textureLod(uGrid, q, 0.0).r;
#endif
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

// Central differences one texel apart, per world unit.
vec3 gradientAt(vec3 q, vec3 extent) {
  vec3 h = 1.0 / uGridTexels;
  vec3 difference = vec3(
    reliefAt(q + vec3(h.x, 0, 0)) - reliefAt(q - vec3(h.x, 0, 0)),
    reliefAt(q + vec3(0, h.y, 0)) - reliefAt(q - vec3(0, h.y, 0)),
    reliefAt(q + vec3(0, 0, h.z)) - reliefAt(q - vec3(0, 0, h.z))
  );
  return difference * uGridScale / (2.0 * h * extent);
}

// A lamp at the viewer's shoulder, both sides lit: a surface cut open shows its inside.
vec3 lit(vec3 base, vec3 slope, vec3 toViewer) {
  float steepness = length(slope);
  if (!(steepness > 1e-12)) return base;
  vec3 normal = slope / steepness;
  vec3 lamp = normalize(toViewer + 0.35 * uUp + 0.2 * uRight);
  float diffuse = abs(dot(normal, lamp));
  float glint = pow(abs(dot(normal, normalize(lamp + toViewer))), 32.0);
  return base * (0.28 + 0.72 * diffuse) + uShininess * glint;
}

vec3 tintAt(vec3 p, vec3 fallback) {
  if (!uHasTint) return fallback;
  vec3 at = (p - uTintOrigin) * uTintScale;
  if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return fallback;
  return colourOf(uTintColours, shareOf(textureLod(uTint, at, 0.0).r, uTintRange));
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

// What a ray has met so far.
vec4 sum = vec4(0.0);
float depth;
#if MODE == MAXIMUM
// Values with the denser the larger; at `top` nothing denser can be told apart.
float dense;
float best = -NOWHERE;
float top;
#elif MODE == AVERAGE
float total = 0.0;
float counted = 0.0;
#elif MODE == SURFACE
// The value before, less the level; not a number where there is none before.
float before;
bool hasBefore = false;
#endif

bool isEmpty(vec2 extremes) {
  if (extremes.x > extremes.y) return true;
#if MODE == MAXIMUM
  return min(top, max(dense * extremes.x, dense * extremes.y)) <= best;
#elif MODE == DIRECT
  vec2 shares = vec2(shareOf(extremes.x, uRange), shareOf(extremes.y, uRange));
  return max(shares.x, shares.y) < uVisible.x || min(shares.x, shares.y) > uVisible.y;
#elif MODE == SURFACE
  return uLevel < extremes.x || uLevel > extremes.y;
#elif MODE == CROSSING
  return extremes.y <= 0.0;
#else
  return false;
#endif
}

// One sample; true where nothing behind it can be seen. Comparisons are written so that they fail for what is not a number.
bool isDone(float t, float dt, float texel, vec3 p0, vec3 d, vec3 q0, vec3 dq, vec3 extent) {
  vec3 q = q0 + t * dq;
  float value = valueAt(q);
#if MODE == MAXIMUM
  float density = dense * value;
  if (density > best) {
    best = density;
    depth = t;
    return best >= top;
  }
#elif MODE == AVERAGE
  if (!isnan(value)) {
    total += value;
    counted += 1.0;
  }
#elif MODE == DIRECT || MODE == CROSSING
#if MODE == DIRECT
  float share = shareOf(value, uRange);
  if (!(share >= uVisible.x && share <= uVisible.y) || isnan(value)) return false;
  vec4 sampled = texelFetch(uTransfer, ivec2(int(share * 255.0 + 0.5), 0), 0);
  float opacity = sampled.a;
#else
  if (!(value > 0.0)) return false;
  vec4 sampled = vec4(uSurfaceColour, 0.0);
  float opacity = 1.0 - pow(1.0 - min(value, 0.9999), dt / texel);
#endif
  if (opacity > 0.0) {
    vec3 shaded = lit(tintAt(p0 + t * d, sampled.rgb), gradientAt(q, extent), -normalize(d * extent));
    if (sum.a < 0.5) depth = t;
    sum += (1.0 - sum.a) * opacity * vec4(shaded, 1.0);
    return sum.a > 0.995;
  }
#elif MODE == SURFACE
  float above = value - uLevel;
  // A block cut through shows its inside as a flat face.
  if (hasBefore && above * before <= 0.0 && above != before) {
    float a = t - dt;
    float b = t;
    float fa = before;
    for (int k = 0; k < 5; k++) {
      float middle = 0.5 * (a + b);
      float f = valueAt(q0 + middle * dq) - uLevel;
      if (f * fa <= 0.0) b = middle;
      else {
        a = middle;
        fa = f;
      }
    }
    depth = 0.5 * (a + b);
    vec3 at = q0 + depth * dq;
    sum = vec4(lit(tintAt(p0 + depth * d, uSurfaceColour), gradientAt(at, extent), -normalize(d * extent)), 1.0);
    return true;
  }
  before = above;
  hasBefore = !isnan(value);
#endif
  return false;
}

void march(vec2 range, vec3 p0, vec3 d, vec3 q0, vec3 dq, vec3 extent) {
  vec3 texels = extent / (uGridScale * uGridTexels);
  float texel = min(min(texels.x, texels.y), texels.z);
  float dt = texel * uStep;
  float start = uFrame == 0 ? 0.5 : hash(uvec3(gl_FragCoord.xy, uFrame + 31337));
  float t = range.x + dt * start;
  vec3 edge = uBrickEdge / uGridTexels;
  vec3 forward = step(vec3(0.0), dq);
  ivec3 lastBrick = ivec3(uBrickCount) - 1;
  // From brick to brick, and from sample to sample only in those that have something to show.
  for (int brick = 0; brick < 2048; brick++) {
    if (t >= range.y) return;
    float until = range.y;
#if MODE != AVERAGE
    if (uHasBricks) {
      vec3 at = (q0 + t * dq) / edge;
      vec3 cell = floor(at);
      vec3 exits = (cell + forward - at) * edge / dq;
      float exit = t + max(1e-6, min(min(exits.x, exits.y), exits.z));
      vec2 extremes = texelFetch(uBricks, clamp(ivec3(cell), ivec3(0), lastBrick), 0).rg;
      if (isEmpty(extremes)) {
        // Whole steps, so that samples stay where they would have been.
        t += dt * max(1.0, ceil((exit - t) / dt));
#if MODE == SURFACE
        // All of the brick lies on one side, so the sample before does.
        hasBefore = extremes.x <= extremes.y;
        before = extremes.x > uLevel ? 1.0 : -1.0;
#endif
        continue;
      }
      until = min(until, exit);
    }
#endif
    do {
      if (isDone(t, dt, texel, p0, d, q0, dq, extent)) return;
      t += dt;
    } while (t < until);
  }
}

void main() {
  vec2 jitter = vec2(0.5);
  if (uFrame > 0) jitter = vec2(hash(uvec3(gl_FragCoord.xy, uFrame)), hash(uvec3(gl_FragCoord.yx, uFrame + 977)));
  vec2 pixel = (floor(gl_FragCoord.xy) + jitter - 0.5 * uSize) / (0.5 * uSize.y);
  vec3 aim = uTarget + uHalfHeight * (pixel.x * uRight + pixel.y * uUp);
  vec3 eye = uTarget + uEyeDistance * uBack;
  vec3 origin = uPerspective ? eye : aim + uEyeDistance * uBack;
  vec3 direction = uPerspective ? normalize(aim - eye) : -uBack;
  // A ray along an axis would divide by zero.
  direction += vec3(1e-7) * vec3(lessThan(abs(direction), vec3(1e-7)));

  vec3 extent = uHigh - uLow;
  vec3 p0 = (origin - uLow) / extent;
  vec3 d = direction / extent;

  vec2 whole = crossing(p0, d, vec3(0.0), vec3(1.0));
  vec2 range = crossing(p0, d, uClipLow, uClipHigh);
  range.x = max(range.x, 0.0);
  if (dot(uClipPlane.xyz, uClipPlane.xyz) > 0.0) {
    float speed = dot(uClipPlane.xyz, direction);
    float t = (uClipPlane.w - dot(uClipPlane.xyz, origin)) / (abs(speed) < 1e-9 ? 1e-9 : speed);
    if (speed < 0.0) range.x = max(range.x, t);
    else range.y = min(range.y, t);
  }

  // The nearest slice in place hides what lies behind it.
  float wall = NOWHERE;
  for (int axis = 0; axis < 3; axis++) {
    if (uSlices[axis] < 0.0) continue;
    float t = (uSlices[axis] - p0[axis]) / d[axis];
    vec3 p = p0 + t * d;
    p[axis] = uSlices[axis];
    if (t < 0.0 || t > wall || any(lessThan(p, vec3(0.0))) || any(greaterThan(p, vec3(1.0)))) continue;
    wall = t;
  }
  vec3 ground = mix(uBackground, uBackgroundTop, 0.5 + 0.5 * pixel.y);
  vec3 behind = ground;
  if (wall < NOWHERE) {
    vec3 p = clamp(p0 + wall * d, 0.0, 1.0);
    behind = tintAt(p, vec3(shareOf(textureLod(uVolume, p, 0.0).r, uSliceRange)));
  }
  range.y = min(range.y, wall);

  depth = range.x;
#if MODE == MAXIMUM
  dense = uRange.y >= uRange.x ? 1.0 : -1.0;
  top = dense * uRange.y;
#endif
  vec3 q0 = (p0 - uGridOrigin) * uGridScale;
  vec3 dq = d * uGridScale;
#if MODE == CROSSING
  vec2 inGrid = crossing(q0, dq, vec3(0.0), vec3(1.0));
  range = vec2(max(range.x, inGrid.x), min(range.y, inGrid.y));
#endif
  if (range.x < range.y) march(range, p0, d, q0, dq, extent);

#if MODE == MAXIMUM || MODE == AVERAGE
#if MODE == MAXIMUM
  float share = best > -NOWHERE ? shareOf(dense * best, uRange) : -1.0;
#else
  float share = counted > 0.0 ? shareOf(total / counted, uRange) : -1.0;
#endif
  if (share >= 0.0) {
    // Ink: the denser, the more it stands out from whatever the background is.
    vec3 ink = vec3(dot(ground, vec3(0.299, 0.587, 0.114)) > 0.5 ? 0.0 : 1.0);
    vec3 drawn = uInk ? mix(behind, ink, share) : colourOf(uColours, share);
    sum = vec4(drawn, 1.0);
  }
#endif

  float fade = whole.y > whole.x ? clamp((depth - whole.x) / (whole.y - whole.x), 0.0, 1.0) * uDepthCue : 0.0;
  sum.rgb = mix(sum.rgb, ground * sum.a, fade * step(0.001, sum.a));
  vec3 drawn = over(sum, behind).rgb;

  float within = lengthInCone(origin, direction, sum.a > 0.5 ? depth : min(wall, NOWHERE));
  if (within > 0.0) {
    float opacity = 1.0 - exp(-1.4 * within / uConeRadius);
    drawn = mix(drawn, vec3(0.91, 0.58, 0.22), 0.55 * opacity);
  }
  colour = vec4(drawn, 1.0);
}
