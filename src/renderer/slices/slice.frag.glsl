precision highp float;
precision highp int;
precision highp sampler2D;

out vec4 colour;

// Which of these are defined is chosen for what a pane draws (sliceVariant.ts): software renderers walk through every branch.
//   AVERAGES  voxels of some layer are smaller than pixels      BLENDS    those of some layer are larger, and blended
//   COMPARES  with another volume                               OVERLAYS  CONTOURS  SUPPRESSES
//   GREYS     grey values as greys, without a table              GAMMA     of some layer is not 1
//   TRANSPOSED  the pane's right axis is the slice's row axis

// The pane's rectangle in device pixels: left, bottom, width, height.
uniform vec4 uViewport;
// What lies around the slices, premultiplied; opaque where the canvas is.
uniform vec4 uSurround;

struct Layer {
  // The slice's columns and rows of texels. A texel is a voxel, or several of them in a coarse slice.
  ivec2 size;
  // Its coordinates in texels (column, row) in the pane's middle, texel i covering [i, i + 1), and how many a device pixel covers.
  vec2 middle;
  vec2 perPixel;
  // Values drawn with the first and the last colour; a first above the last draws inverted.
  vec2 range;
  float gamma;
};

uniform bool uHasBase;
uniform sampler2D uBase;
uniform sampler2D uBaseColours;
uniform Layer uBaseLayer;

uniform sampler2D uOverlay;
uniform sampler2D uOverlayColours;
uniform Layer uOverlayLayer;
uniform float uOpacity;
uniform bool uOpacityByValue;
uniform bool uHasThreshold;
uniform float uThreshold;
// Levels at which lines are drawn, and how wide they are in device pixels.
const int MAX_CONTOURS = 16;
uniform int uContourCount;
uniform float uContours[MAX_CONTOURS];
uniform float uContourWidth;
// Rows of the value-suppressing palette; 0: the overlay is drawn with its own colours.
uniform int uTreeRows;
uniform sampler2D uValueColours;
uniform vec3 uSuppressedColour;

// A comparison of the base, A, with another slice, B.
uniform int uCompare;
uniform bool uHasOther;
uniform sampler2D uOther;
uniform sampler2D uOtherColours;
uniform Layer uOtherLayer;
// Swipe: device pixels from the left where B begins. Checkerboard: side of a cell. Flicker: which is shown.
uniform float uSwipe;
uniform float uCell;
uniform bool uShowsOther;
// Difference: A - B, or (A - B) / SD, between -range and range.
uniform bool uHasSpread;
uniform sampler2D uSpread;
uniform Layer uSpreadLayer;
uniform sampler2D uDifferenceColours;
uniform Layer uDifference;

const int ALONE = 0;
const int SWIPE = 1;
const int CHECKERBOARD = 2;
const int FLICKER = 3;
const int DIFFERENCE = 4;
const int DEVIATION = 5;

const int OUTSIDE = 0;
const int NOT_A_NUMBER = 1;
const int MEASURED = 2;

bool isNotANumber(float v) {
  return isnan(v) || isinf(v);
}

// The mean over the pixel's footprint where voxels are smaller than pixels: shows what a screen this coarse can show.
float averaged(sampler2D slice, ivec2 size, vec2 at, vec2 footprint, out int kind) {
  ivec2 low = clamp(ivec2(floor(at - 0.5 * footprint)), ivec2(0), size - 1);
  ivec2 high = clamp(ivec2(floor(at + 0.5 * footprint)), low, size - 1);
  ivec2 stride = max(ivec2(1), (high - low + 1) / 8);
  float sum = 0.0;
  float count = 0.0;
  for (int y = low.y; y <= high.y; y += stride.y) {
    for (int x = low.x; x <= high.x; x += stride.x) {
      float v = texelFetch(slice, ivec2(x, y), 0).r;
      if (!isNotANumber(v)) {
        sum += v;
        count += 1.0;
      }
    }
  }
  kind = count > 0.0 ? MEASURED : NOT_A_NUMBER;
  return count > 0.0 ? sum / count : 0.0;
}

#if defined(BLENDS) || defined(CONTOURS)
// Between the numbers among the four voxels around.
float blendedNumbers(sampler2D slice, ivec2 low, ivec2 high, vec2 share) {
  float sum = 0.0;
  float weights = 0.0;
  for (int dy = 0; dy < 2; dy++) {
    for (int dx = 0; dx < 2; dx++) {
      float v = texelFetch(slice, ivec2(dx == 0 ? low.x : high.x, dy == 0 ? low.y : high.y), 0).r;
      float weight = (dx == 0 ? 1.0 - share.x : share.x) * (dy == 0 ? 1.0 - share.y : share.y);
      if (!isNotANumber(v)) {
        sum += weight * v;
        weights += weight;
      }
    }
  }
  return sum / max(weights, 1e-6);
}

// Which of the four are numbers is asked only where one is not: their plain blend tells.
float blended(sampler2D slice, ivec2 size, vec2 at) {
  vec2 corner = floor(at - 0.5);
  vec2 share = at - 0.5 - corner;
  ivec2 low = clamp(ivec2(corner), ivec2(0), size - 1);
  ivec2 high = clamp(ivec2(corner) + 1, ivec2(0), size - 1);
  vec2 rest = 1.0 - share;
  vec4 weights = vec4(rest.x * rest.y, share.x * rest.y, rest.x * share.y, share.x * share.y);
  float sum = weights.x * texelFetch(slice, low, 0).r;
  sum += weights.y * texelFetch(slice, ivec2(high.x, low.y), 0).r;
  sum += weights.z * texelFetch(slice, ivec2(low.x, high.y), 0).r;
  sum += weights.w * texelFetch(slice, high, 0).r;
  float value = sum / max(weights.x + weights.y + weights.z + weights.w, 1e-6);
  if (isNotANumber(value)) value = blendedNumbers(slice, low, high, share);
  return value;
}
#endif

// `pixel`: device pixels from the pane's middle, along the slice's columns and rows.
float valueAt(sampler2D slice, Layer layer, vec2 pixel, out int kind) {
  vec2 at = layer.middle + pixel * layer.perPixel;
  if (at.x < 0.0 || at.y < 0.0 || at.x >= float(layer.size.x) || at.y >= float(layer.size.y)) {
    kind = OUTSIDE;
    return 0.0;
  }
#ifdef AVERAGES
  if (max(layer.perPixel.x, layer.perPixel.y) > 1.0) return averaged(slice, layer.size, at, layer.perPixel, kind);
#endif
  float nearest = texelFetch(slice, ivec2(floor(at)), 0).r;
  kind = isNotANumber(nearest) ? NOT_A_NUMBER : MEASURED;
  if (kind == NOT_A_NUMBER) return 0.0;
#ifdef BLENDS
  return blended(slice, layer.size, at);
#else
  return nearest;
#endif
}

float shareOfRange(Layer layer, float value) {
  float share = clamp((value - layer.range.x) / (layer.range.y - layer.range.x), 0.0, 1.0);
#ifdef GAMMA
  share = pow(share, 1.0 / layer.gamma);
#endif
  return share;
}

vec3 colourAt(sampler2D colours, float share) {
  return texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb;
}

vec3 greyColourAt(sampler2D colours, float share) {
#ifdef GREYS
  return vec3(floor(share * 255.0 + 0.5) / 255.0);
#else
  return colourAt(colours, share);
#endif
}

// Voxels that hold no number are hatched, so that they are taken neither for black nor for data.
vec3 hatch() {
  float stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 8.0);
  return stripe < 4.0 ? vec3(0.42, 0.36, 0.20) : vec3(0.24, 0.21, 0.14);
}

vec4 greyAt(sampler2D slice, sampler2D colours, Layer layer, vec2 pixel) {
  int kind;
  float value = valueAt(slice, layer, pixel, kind);
  if (kind == NOT_A_NUMBER) return vec4(hatch(), 1.0);
  return kind == MEASURED ? vec4(greyColourAt(colours, shareOfRange(layer, value)), 1.0) : vec4(0.0);
}

bool otherHere() {
#ifdef COMPARES
  vec2 fromTopLeft = vec2(gl_FragCoord.x - uViewport.x, uViewport.y + uViewport.w - gl_FragCoord.y);
  if (uCompare == SWIPE) return fromTopLeft.x >= uSwipe;
  if (uCompare == CHECKERBOARD) return mod(dot(floor(fromTopLeft / uCell), vec2(1.0)), 2.0) > 0.5;
  return uCompare == FLICKER && uShowsOther;
#else
  return false;
#endif
}

#ifdef COMPARES
// Where the SD is zero or either is no number, there is no number of standard deviations: hatched.
vec4 differenceAt(vec2 pixel) {
  int kindA;
  int kindB;
  float difference = valueAt(uBase, uBaseLayer, pixel, kindA) - valueAt(uOther, uOtherLayer, pixel, kindB);
  if (kindA == OUTSIDE || kindB == OUTSIDE) return vec4(0.0);
  if (kindA == NOT_A_NUMBER || kindB == NOT_A_NUMBER) return vec4(hatch(), 1.0);
  if (uCompare == DEVIATION) {
    int kind = OUTSIDE;
    float spread = uHasSpread ? valueAt(uSpread, uSpreadLayer, pixel, kind) : 0.0;
    if (kind == OUTSIDE) return vec4(0.0);
    if (kind == NOT_A_NUMBER || !(spread > 0.0)) return vec4(hatch(), 1.0);
    difference /= spread;
  }
  return vec4(colourAt(uDifferenceColours, shareOfRange(uDifference, difference)), 1.0);
}
#endif

vec4 baseAt(vec2 pixel) {
#ifdef COMPARES
  if (uCompare >= DIFFERENCE) return uHasBase && uHasOther ? differenceAt(pixel) : vec4(0.0);
  if (otherHere()) return uHasOther ? greyAt(uOther, uOtherColours, uOtherLayer, pixel) : vec4(0.0);
#endif
  return uHasBase ? greyAt(uBase, uBaseColours, uBaseLayer, pixel) : vec4(0.0);
}

#ifdef OVERLAYS
// In overlay.glsl.
vec4 overlaid(vec4 drawn, vec2 pixel);
#endif

void main() {
  vec2 pixel = gl_FragCoord.xy - uViewport.xy - 0.5 * uViewport.zw;
#ifdef TRANSPOSED
  pixel = pixel.yx;
#endif

  vec4 drawn = baseAt(pixel);
#ifdef OVERLAYS
  drawn = overlaid(drawn, pixel);
#endif
  colour = vec4(drawn.rgb * drawn.a, drawn.a) + (1.0 - drawn.a) * uSurround;
}
