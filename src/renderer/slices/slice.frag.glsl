precision highp float;
precision highp int;
precision highp sampler2D;

out vec4 colour;

// The pane's rectangle in device pixels: left, bottom, width, height.
uniform vec4 uViewport;
// Slice coordinates (column, row), in voxels, of the pane's middle; voxel i covers [i, i + 1).
uniform vec2 uCentre;
// Voxels per device pixel, along the slice's columns and rows.
uniform vec2 uVoxelsPerPixel;
// The pane's right axis is the slice's row axis.
uniform bool uTransposed;
uniform bool uSmooth;

struct Layer {
  // Where the slice begins, in voxels, and how many columns and rows of texels it has.
  vec2 origin;
  ivec2 size;
  // Voxels that one texel covers; more than one in a coarse slice.
  vec2 texel;
  // Values drawn with the first and the last colour; a first above the last draws inverted.
  vec2 range;
  float gamma;
};

uniform bool uHasBase;
uniform sampler2D uBase;
uniform sampler2D uBaseColours;
uniform Layer uBaseLayer;

uniform bool uHasOverlay;
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

float blended(sampler2D slice, ivec2 size, vec2 at) {
  vec2 corner = floor(at - 0.5);
  vec2 share = at - 0.5 - corner;
  float sum = 0.0;
  float weights = 0.0;
  for (int dy = 0; dy < 2; dy++) {
    for (int dx = 0; dx < 2; dx++) {
      ivec2 texel = clamp(ivec2(corner) + ivec2(dx, dy), ivec2(0), size - 1);
      float v = texelFetch(slice, texel, 0).r;
      float weight = (dx == 0 ? 1.0 - share.x : share.x) * (dy == 0 ? 1.0 - share.y : share.y);
      if (!isNotANumber(v)) {
        sum += weight * v;
        weights += weight;
      }
    }
  }
  return sum / max(weights, 1e-6);
}

float valueAt(sampler2D slice, Layer layer, vec2 point, out int kind) {
  vec2 at = (point - layer.origin) / layer.texel;
  vec2 footprint = uVoxelsPerPixel / layer.texel;
  if (at.x < 0.0 || at.y < 0.0 || at.x >= float(layer.size.x) || at.y >= float(layer.size.y)) {
    kind = OUTSIDE;
    return 0.0;
  }
  if (max(footprint.x, footprint.y) > 1.0) return averaged(slice, layer.size, at, footprint, kind);
  float nearest = texelFetch(slice, ivec2(floor(at)), 0).r;
  kind = isNotANumber(nearest) ? NOT_A_NUMBER : MEASURED;
  if (kind == NOT_A_NUMBER) return 0.0;
  return uSmooth ? blended(slice, layer.size, at) : nearest;
}

float shareOfRange(Layer layer, float value) {
  float share = clamp((value - layer.range.x) / (layer.range.y - layer.range.x), 0.0, 1.0);
  return pow(share, 1.0 / layer.gamma);
}

vec3 colourAt(sampler2D colours, float share) {
  return texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb;
}

// Voxels that hold no number are hatched, so that they are taken neither for black nor for data.
vec3 hatch() {
  float stripe = mod(gl_FragCoord.x + gl_FragCoord.y, 8.0);
  return stripe < 4.0 ? vec3(0.42, 0.36, 0.20) : vec3(0.24, 0.21, 0.14);
}

// In overlay.glsl.
vec4 overlaid(vec4 drawn, vec2 point);

void main() {
  vec2 pixel = gl_FragCoord.xy - uViewport.xy - 0.5 * uViewport.zw;
  vec2 point = uCentre + (uTransposed ? pixel.yx : pixel) * uVoxelsPerPixel;

  vec4 drawn = vec4(0.0);
  int kind = OUTSIDE;
  if (uHasBase) {
    float value = valueAt(uBase, uBaseLayer, point, kind);
    if (kind == MEASURED) drawn = vec4(colourAt(uBaseColours, shareOfRange(uBaseLayer, value)), 1.0);
    if (kind == NOT_A_NUMBER) drawn = vec4(hatch(), 1.0);
  }
  if (uHasOverlay) drawn = overlaid(drawn, point);
  colour = vec4(drawn.rgb * drawn.a, drawn.a);
}
