precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler3D;

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

// The block of voxels: its corners in the world, its texels, and the part that is not clipped away (0 to 1).
uniform sampler3D uVolume;
uniform vec3 uLow;
uniform vec3 uHigh;
uniform vec3 uTexels;
uniform vec3 uClipLow;
uniform vec3 uClipHigh;
// What lies on the side of its normal is cut away: dot(normal, world) > offset. A zero normal cuts nothing.
uniform vec4 uClipPlane;
// Smallest and largest value of every brick and its border.
uniform bool uHasBricks;
uniform sampler3D uBricks;
uniform vec3 uBrickCount;
uniform float uBrickEdge;

const int MAXIMUM = 0;
const int AVERAGE = 1;
const int DIRECT = 2;
const int SURFACE = 3;
const int CROSSING = 4;
uniform int uMode;
// Grey values drawn with the first and the last colour; the first above the last where dark is dense.
uniform vec2 uRange;
uniform sampler2D uColours;
uniform bool uInk;
// RGBA by share of the range; alpha is opacity per texel.
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

float valueAt(vec3 p) {
  return texture(uVolume, p).r;
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
vec3 gradientAt(vec3 p, vec3 extent) {
  vec3 h = 1.0 / uTexels;
  vec3 difference = vec3(
    valueAt(p + vec3(h.x, 0, 0)) - valueAt(p - vec3(h.x, 0, 0)),
    valueAt(p + vec3(0, h.y, 0)) - valueAt(p - vec3(0, h.y, 0)),
    valueAt(p + vec3(0, 0, h.z)) - valueAt(p - vec3(0, 0, h.z))
  );
  return difference / (2.0 * h * extent);
}

// A lamp at the viewer's shoulder, both sides lit: a surface cut open shows its inside.
vec3 lit(vec3 base, vec3 normal, vec3 toViewer) {
  vec3 lamp = normalize(toViewer + 0.35 * uUp + 0.2 * uRight);
  float diffuse = abs(dot(normal, lamp));
  float glint = pow(abs(dot(normal, normalize(lamp + toViewer))), 32.0);
  return base * (0.28 + 0.72 * diffuse) + uShininess * glint;
}

vec3 tintAt(vec3 p, vec3 fallback) {
  if (!uHasTint) return fallback;
  vec3 at = (p - uTintOrigin) * uTintScale;
  if (any(lessThan(at, vec3(0.0))) || any(greaterThan(at, vec3(1.0)))) return fallback;
  return colourOf(uTintColours, shareOf(texture(uTint, at).r, uTintRange));
}

// Distance along the ray to where it leaves the brick of p, in ray lengths.
float brickExit(vec3 p, vec3 direction) {
  vec3 edge = uBrickEdge / uTexels;
  vec3 cell = floor(p / edge);
  vec3 next = (cell + step(vec3(0.0), direction)) * edge;
  vec3 t = (next - p) / direction;
  return max(1e-6, min(min(t.x, t.y), t.z));
}

bool brickIsEmpty(vec3 p, float best) {
  ivec3 at = clamp(ivec3(p * uTexels / uBrickEdge), ivec3(0), ivec3(uBrickCount) - 1);
  vec2 extremes = texelFetch(uBricks, at, 0).rg;
  if (extremes.x > extremes.y) return true;
  if (uMode == SURFACE) return uLevel < extremes.x || uLevel > extremes.y;
  vec2 shares = vec2(shareOf(extremes.x, uRange), shareOf(extremes.y, uRange));
  float lowest = min(shares.x, shares.y);
  float highest = max(shares.x, shares.y);
  if (uMode == MAXIMUM) return highest <= best;
  if (uMode == DIRECT) return highest < uVisible.x || lowest > uVisible.y;
  if (uMode == CROSSING) return extremes.y <= 0.0 || extremes.x >= 1.0;
  return false;
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
    behind = tintAt(p, vec3(shareOf(valueAt(p), uSliceRange)));
  }
  range.y = min(range.y, wall);

  vec4 sum = vec4(0.0);
  float best = -1.0;
  float total = 0.0;
  float counted = 0.0;
  float depth = range.x;
  if (range.x < range.y) {
    float texel = min(min(extent.x / uTexels.x, extent.y / uTexels.y), extent.z / uTexels.z);
    float dt = texel * uStep;
    float start = uFrame == 0 ? 0.5 : hash(uvec3(gl_FragCoord.xy, uFrame + 31337));
    float t = range.x + dt * start;
    float before = 0.0;
    bool hasBefore = false;
    for (int i = 0; i < 8192; i++) {
      if (t >= range.y) break;
      vec3 p = p0 + t * d;
      if (uHasBricks && uMode != AVERAGE && brickIsEmpty(p, best)) {
        // Whole steps, so that samples stay where they would have been.
        t += dt * max(1.0, ceil(brickExit(p, d) / dt));
        hasBefore = false;
        continue;
      }
      float value = valueAt(p);
      if (isnan(value)) {
        hasBefore = false;
      } else if (uMode == MAXIMUM) {
        float share = shareOf(value, uRange);
        if (share > best) {
          best = share;
          depth = t;
        }
      } else if (uMode == AVERAGE) {
        total += value;
        counted += 1.0;
      } else if (uMode == DIRECT || uMode == CROSSING) {
        float share = uMode == DIRECT ? shareOf(value, uRange) : value;
        vec4 sampled = uMode == DIRECT
          ? texelFetch(uTransfer, ivec2(int(share * 255.0 + 0.5), 0), 0)
          : vec4(uSurfaceColour, 4.0 * share * (1.0 - share));
        float opacity = 1.0 - pow(1.0 - min(sampled.a, 0.9999), dt / texel);
        if (opacity > 0.0) {
          vec3 slope = gradientAt(p, extent);
          float steepness = length(slope);
          vec3 base = tintAt(p, sampled.rgb);
          vec3 shaded = steepness > 1e-12 ? lit(base, slope / steepness, -direction) : base;
          if (sum.a < 0.5) depth = t;
          sum += (1.0 - sum.a) * opacity * vec4(shaded, 1.0);
          if (sum.a > 0.995) break;
        }
      } else {
        float above = value - uLevel;
        // A block cut through shows its inside as a flat face.
        if (hasBefore && above * before <= 0.0 && above != before) {
          float a = t - dt;
          float b = t;
          float fa = before;
          for (int k = 0; k < 5; k++) {
            float middle = 0.5 * (a + b);
            float f = valueAt(p0 + middle * d) - uLevel;
            if (f * fa <= 0.0) b = middle;
            else {
              a = middle;
              fa = f;
            }
          }
          depth = 0.5 * (a + b);
          vec3 at = p0 + depth * d;
          vec3 slope = gradientAt(at, extent);
          float steepness = length(slope);
          vec3 base = tintAt(at, uSurfaceColour);
          sum = vec4(steepness > 1e-12 ? lit(base, slope / steepness, -direction) : base, 1.0);
          break;
        }
        before = above;
        hasBefore = true;
      }
      t += dt;
    }
  }

  if (uMode == MAXIMUM || uMode == AVERAGE) {
    float share = uMode == MAXIMUM ? best : counted > 0.0 ? shareOf(total / counted, uRange) : -1.0;
    if (share >= 0.0) {
      // Ink: the denser, the more it stands out from whatever the background is.
      vec3 ink = vec3(dot(ground, vec3(0.299, 0.587, 0.114)) > 0.5 ? 0.0 : 1.0);
      vec3 drawn = uInk ? mix(behind, ink, share) : colourOf(uColours, share);
      sum = vec4(drawn, 1.0);
    }
  }

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
