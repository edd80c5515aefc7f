// The overlay over the base: colours by value, contour lines, or the value-suppressing palette. Follows slice.frag.glsl.
#ifdef OVERLAYS

#ifdef CONTOURS
// The overlay's value in the middle of the map nearest to `pixel`, always blended between voxels, so that lines are smooth and end at
// the map's edge.
float contouredAt(vec2 pixel) {
  vec2 perPixel = uOverlayLayer.perPixel;
  vec2 at = uOverlayLayer.middle + pixel * perPixel;
  vec2 size = vec2(uOverlayLayer.size);
  at = clamp(at, min(vec2(0.5), 0.5 * size), max(size - 0.5, 0.5 * size));
  int kind;
#ifdef AVERAGES
  if (max(perPixel.x, perPixel.y) > 1.0) return averaged(uOverlay, uOverlayLayer.size, at, perPixel, kind);
#endif
  return blended(uOverlay, uOverlayLayer.size, at);
}

// Lines where the overlay crosses its levels, as wide on screen at any zoom: a value's distance from a level, over its change from pixel
// to pixel, is a distance in pixels. In the level's own colour, with a rim of black or white that keeps it visible on anything.
vec4 withContours(vec4 drawn, vec2 pixel) {
  float value = contouredAt(pixel);
  vec2 slope = 0.5 * vec2(
    contouredAt(pixel + vec2(1.0, 0.0)) - contouredAt(pixel - vec2(1.0, 0.0)),
    contouredAt(pixel + vec2(0.0, 1.0)) - contouredAt(pixel - vec2(0.0, 1.0))
  );
  float change = length(slope);
  if (!(change > 0.0)) return drawn;
  float nearest = 1e30;
  float level = 0.0;
  for (int i = 0; i < MAX_CONTOURS; i++) {
    if (i >= uContourCount) break;
    float away = abs(value - uContours[i]) / change;
    if (away < nearest) {
      nearest = away;
      level = uContours[i];
    }
  }
  vec3 core = colourAt(uOverlayColours, shareOfRange(uOverlayLayer, level));
  vec3 rim = dot(core, vec3(0.299, 0.587, 0.114)) > 0.5 ? vec3(0.0) : vec3(1.0);
  float line = clamp(uContourWidth * 0.5 + 0.5 - nearest, 0.0, 1.0);
  float around = clamp(uContourWidth + 0.5 - nearest, 0.0, 1.0) * 0.7;
  vec3 rimmed = mix(drawn.rgb, rim, around);
  return vec4(mix(rimmed, core, line), max(drawn.a, max(line, around)));
}
#endif

#ifdef SUPPRESSES
// Value-suppressing palette (Correll, Moritz and Heer 2018): the more uncertain, the fewer bins of value, and the nearer to grey.
vec3 suppressed(float value, float uncertainty) {
  int row = min(int(uncertainty * float(uTreeRows)), uTreeRows - 1);
  float bins = exp2(float(uTreeRows - 1 - row));
  float share = (min(floor(value * bins), bins - 1.0) + 0.5) / bins;
  float faded = uTreeRows > 1 ? float(row) / float(uTreeRows - 1) : 0.0;
  return mix(colourAt(uValueColours, share), uSuppressedColour, faded);
}
#endif

vec4 overlaid(vec4 drawn, vec2 pixel) {
  int kind;
  float value = valueAt(uOverlay, uOverlayLayer, pixel, kind);
  if (kind == OUTSIDE) return drawn;
  float share = shareOfRange(uOverlayLayer, value);
#ifdef SUPPRESSES
  int baseKind = OUTSIDE;
  float base = 0.0;
  if (otherHere() && uHasOther) base = shareOfRange(uOtherLayer, valueAt(uOther, uOtherLayer, pixel, baseKind));
  else if (uHasBase) base = shareOfRange(uBaseLayer, valueAt(uBase, uBaseLayer, pixel, baseKind));
  if (kind == MEASURED && baseKind == MEASURED) drawn = vec4(suppressed(base, share), 1.0);
#else
  if (kind == MEASURED && !(uHasThreshold && value < uThreshold)) {
    float opacity = uOpacity * (uOpacityByValue ? share : 1.0);
    drawn = vec4(mix(drawn.rgb, colourAt(uOverlayColours, share), opacity), max(drawn.a, opacity));
  }
#endif
#ifdef CONTOURS
  drawn = withContours(drawn, pixel);
#endif
  return drawn;
}
#endif
