// A ray for every pixel; rays.glsl, which comes before it, has what a ray meets.
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

  setLamp(direction);

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
  for (int axis = 0; axis < 3 && any(greaterThanEqual(uSlices, vec3(0.0))); axis++) {
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
    behind = tintAt(p, vec3(shareOf(decoded(textureLod(uVolume, p, 0.0), uVolumeCoded), uSliceRange)));
  }
  range.y = min(range.y, wall);

  vec3 q0 = (p0 - uGridOrigin) * uGridScale;
  vec3 dq = d * uGridScale;
#if MODE == CROSSING
  vec2 inGrid = crossing(q0, dq, vec3(0.0), vec3(1.0));
  range = vec2(max(range.x, inGrid.x), min(range.y, inGrid.y));
#endif
  Met met = Met(vec4(0.0), -NOWHERE, 0.0, range.x);
  if (range.x < range.y) met = march(range, p0, d, q0, dq, extent);
  vec4 sum = met.colour;
  float depth = met.depth;

#if MODE == MAXIMUM || MODE == AVERAGE
#if MODE == MAXIMUM
  float share = abs(met.value) < NOWHERE ? shareOf(met.value, uRange) : -1.0;
#else
  float share = met.counted > 0.0 ? shareOf(met.value / met.counted, uRange) : -1.0;
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
