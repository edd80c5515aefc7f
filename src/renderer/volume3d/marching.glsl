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
// Smallest and largest value of every brick of the grid and its border, of coarse bricks and of the fine ones that they are made of.
uniform bool uHasBricks;
uniform sampler3D uBricks;
uniform vec3 uBrickCount;
uniform float uBrickEdge;
uniform sampler3D uFineBricks;
uniform vec3 uFineCount;
uniform float uFineEdge;

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

// What a ray met: its colour so far, or the value that counts, and where.
struct Met {
  vec4 colour;
  float value;
  float counted;
  float depth;
};

// Between two samples on different sides of the level.
float refined(float a, float b, float fa, vec3 q0, vec3 dq) {
  for (int k = 0; k < 5; k++) {
    float middle = 0.5 * (a + b);
    float f = valueAt(q0 + middle * dq) - uLevel;
    if (f * fa <= 0.0) b = middle;
    else {
      a = middle;
      fa = f;
    }
  }
  return 0.5 * (a + b);
}

// Bricks along a ray: where it starts and how fast it goes in bricks, and the way through one of them along each axis.
struct Bricks {
  vec3 from;
  vec3 speed;
  vec3 forward;
  vec3 perBrick;
  ivec3 last;
};

Bricks bricksOf(vec3 q0, vec3 dq, float edge, vec3 count) {
  vec3 bricks = uGridTexels / edge;
  return Bricks(q0 * bricks, dq * bricks, step(vec3(0.0), dq), 1.0 / (dq * bricks), ivec3(count) - 1);
}

// Where the ray leaves the brick that it is in at t, and what is in it.
float leave(Bricks bricks, sampler3D extremesOf, float t, out vec2 extremes) {
  vec3 cell = floor(bricks.from + t * bricks.speed);
  vec3 exits = (cell + bricks.forward - bricks.from) * bricks.perBrick;
  extremes = texelFetch(extremesOf, clamp(ivec3(cell), ivec3(0), bricks.last), 0).rg;
  return max(t + 1e-6, min(min(exits.x, exits.y), exits.z));
}

#if MODE == MAXIMUM
// The denser the larger; at the top nothing denser can be told apart.
#define isEmpty(extremes) (min(top, max(dense * extremes.x, dense * extremes.y)) <= met.value || extremes.x > extremes.y)
#elif MODE == SURFACE
#define isEmpty(extremes) (uLevel < extremes.x || uLevel > extremes.y)
#else
#define isEmpty(extremes) (extremes.y < uVisible.x || extremes.x > uVisible.y || extremes.x > extremes.y)
#endif

// From brick to brick, and from sample to sample only in those that have something to show. What decides is compared in a way that fails for
// what is not a number.
Met march(vec2 range, vec3 p0, vec3 d, vec3 q0, vec3 dq, vec3 extent) {
  Met met = Met(vec4(0.0), -NOWHERE, 0.0, range.x);
  vec3 texels = extent / (uGridScale * uGridTexels);
  float dt = min(min(texels.x, texels.y), texels.z) * uStep;
  float start = uFrame == 0 ? 0.5 : hash(uvec3(gl_FragCoord.xy, uFrame + 31337));
  float t = range.x + dt * start;
  Bricks coarse = bricksOf(q0, dq, uBrickEdge, uBrickCount);
  Bricks fine = bricksOf(q0, dq, uFineEdge, uFineCount);
  float coarseUntil = t;
#if MODE == MAXIMUM
  float dense = uRange.y >= uRange.x ? 1.0 : -1.0;
  float top = dense * uRange.y;
#elif MODE == SURFACE
  // The value before, less the level; zero where there is none before.
  float before = 0.0;
#endif
  // Set past the end once nothing behind can be seen.
  float end = range.y;
  for (int brick = 0; brick < 16384; brick++) {
    if (t >= end) break;
    float until = end;
#if MODE != AVERAGE
    if (uHasBricks) {
      vec2 extremes;
#if MODE == MAXIMUM
      // Smaller bricks cost more than they save: most of them may have something denser in noise.
      until = leave(coarse, uBricks, t, extremes);
      bool isSkipped = isEmpty(extremes);
#else
      bool isSkipped = false;
      if (t >= coarseUntil) {
        until = coarseUntil = leave(coarse, uBricks, t, extremes);
        isSkipped = isEmpty(extremes);
      }
      if (!isSkipped) {
        until = leave(fine, uFineBricks, t, extremes);
        isSkipped = isEmpty(extremes);
      }
#endif
      if (isSkipped) {
        // Whole steps, so that samples stay where they would have been.
        t += dt * max(1.0, ceil((until - t) / dt));
#if MODE == SURFACE
        // All of the brick lies on one side, so the sample before does.
        before = extremes.x > extremes.y ? 0.0 : extremes.x > uLevel ? 1.0 : -1.0;
#endif
        continue;
      }
      until = min(until, end);
    }
#endif
    do {
      vec3 q = q0 + t * dq;
      float value = valueAt(q);
#if MODE == MAXIMUM
      float density = dense * value;
      if (density > met.value) {
        met.value = density;
        met.depth = t;
        if (density >= top) {
          end = -NOWHERE;
          break;
        }
      }
#elif MODE == AVERAGE
      if (!isnan(value)) {
        met.value = met.counted > 0.0 ? met.value + value : value;
        met.counted += 1.0;
      }
#elif MODE == SURFACE
      float above = value - uLevel;
      // A block cut through shows its inside as a flat face.
      if (above * before < 0.0 || (above == 0.0 && before != 0.0)) {
        met.depth = refined(t - dt, t, before, q0, dq);
        met.colour.a = 1.0;
        end = -NOWHERE;
        break;
      }
      before = isnan(above) ? 0.0 : above;
#else
      if (value >= uVisible.x && value <= uVisible.y) {
#if MODE == DIRECT
        vec4 sampled = texelFetch(uTransfer, ivec2(int(shareOf(value, uRange) * 255.0 + 0.5), 0), 0);
#else
        vec4 sampled = vec4(uSurfaceColour, 1.0 - pow(1.0 - min(value, 0.9999), uStep));
#endif
        if (sampled.a > 0.0) {
          if (met.colour.a < 0.5) met.depth = t;
          float weight = (1.0 - met.colour.a) * sampled.a;
          vec2 light = lightOn(gradientAt(q, extent));
          met.colour += weight * vec4(tintAt(p0 + t * d, sampled.rgb) * light.x + light.y, 1.0);
          if (met.colour.a > 0.995) {
            end = -NOWHERE;
            break;
          }
        }
      }
#endif
      t += dt;
    } while (t < until);
  }
#if MODE == MAXIMUM
  met.value *= dense;
#elif MODE == SURFACE
  if (met.colour.a > 0.0) {
    vec2 light = lightOn(gradientAt(q0 + met.depth * dq, extent));
    met.colour.rgb = tintAt(p0 + met.depth * d, uSurfaceColour) * light.x + light.y;
  }
#endif
  return met;
}
