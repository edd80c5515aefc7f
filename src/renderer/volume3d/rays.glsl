// How a ray goes through the grid; marching.glsl, which comes before it, has what it needs to know.

// Along the ray, in its own units: a step of so many texels, and where in the first step the first sample lies.
float stepOf(vec3 extent) {
  vec3 texels = extent / (uGridScale * uGridTexels);
  return min(min(texels.x, texels.y), texels.z) * uStep;
}

float startOf() {
  return uFrame == 0 ? 0.5 : hash(uvec3(gl_FragCoord.xy, uFrame + 31337));
}

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

// Where the ray leaves the cube of bricks around the one that it is in at t in which nothing is drawn; where there is something in its own
// brick: that one. How far it may go, and on which side.
float leap(Bricks bricks, float t, out ivec2 space) {
  vec3 cell = floor(bricks.from + t * bricks.speed);
  space = ivec2(texelFetch(uSpace, clamp(ivec3(cell), ivec3(0), bricks.last), 0).rg * 255.0 + 0.5);
  float reach = float(max(space.x - 1, 0));
  vec3 exits = (cell + mix(vec3(-reach), vec3(1.0 + reach), bricks.forward) - bricks.from) * bricks.perBrick;
  return max(t + 1e-6, min(min(exits.x, exits.y), exits.z));
}

#if MODE == SURFACE
#define isEmpty(extremes) (uLevel < extremes.x || uLevel > extremes.y)
#else
#define isEmpty(extremes) (extremes.y < uVisible.x || extremes.x > uVisible.y || extremes.x > extremes.y)
#endif

#if MODE == MAXIMUM
// The denser the larger: with dark matter the sign changes. Beyond the end of the range nothing denser can be told apart.
float dense;
float top;

float densestOf(vec2 extremes) {
  return extremes.x > extremes.y ? -NOWHERE : min(top, max(dense * extremes.x, dense * extremes.y));
}

// The densest value between two places, and the nearest of them if there are several.
void look(inout Met met, float t, float until, float dt, vec3 q0, vec3 dq) {
  do {
    float density = dense * valueAt(q0 + t * dq);
    if (density >= met.value) {
      density = min(density, top);
      if (density > met.value || t < met.depth) {
        met.value = density;
        met.depth = t;
        if (density == top) return;
      }
    }
    t += dt;
  } while (t < until);
}

// First through the brick that may have the densest value: what it has lets most of the others be skipped.
Met march(vec2 range, vec3 p0, vec3 d, vec3 q0, vec3 dq, vec3 extent) {
  dense = uRange.y >= uRange.x ? 1.0 : -1.0;
  top = dense * uRange.y;
  Met met = Met(vec4(0.0), -NOWHERE, 0.0, range.x);
  float dt = stepOf(extent);
  float begin = range.x + dt * startOf();
  if (!uHasBricks) {
    if (begin < range.y) look(met, begin, range.y, dt, q0, dq);
    met.value *= dense;
    return met;
  }
  Bricks bricks = bricksOf(q0, dq, uBrickEdge, uBrickCount);
  vec2 extremes;
  float from = begin;
  float to = begin;
  float densest = -NOWHERE;
  float t = begin;
  for (int brick = 0; brick < 16384 && t < range.y; brick++) {
    // Whole steps, so that samples stay where they would have been.
    float next = t + dt * max(1.0, ceil((leave(bricks, uBricks, t, extremes) - t) / dt));
    float here = densestOf(extremes);
    if (here > densest) {
      densest = here;
      from = t;
      to = next;
      if (here == top) break;
    }
    t = next;
  }
  if (densest > -NOWHERE) look(met, from, min(to, range.y), dt, q0, dq);
  // Of values that can't be told apart the nearest counts.
  float end = met.value == top ? met.depth : range.y;
  t = begin;
  for (int brick = 0; brick < 16384 && t < end; brick++) {
    float next = t + dt * max(1.0, ceil((leave(bricks, uBricks, t, extremes) - t) / dt));
    float here = densestOf(extremes);
    if (t != from && (here > met.value || (here == met.value && t < met.depth))) {
      look(met, t, min(next, end), dt, q0, dq);
      if (met.value == top) break;
    }
    t = next;
  }
  met.value *= dense;
  return met;
}

#else
// From brick to brick, and from sample to sample only in those that have something to show. What decides is compared in a way that fails for
// what is not a number.
Met march(vec2 range, vec3 p0, vec3 d, vec3 q0, vec3 dq, vec3 extent) {
  Met met = Met(vec4(0.0), -NOWHERE, 0.0, range.x);
  float dt = stepOf(extent);
  float t = range.x + dt * startOf();
  Bricks coarse = bricksOf(q0, dq, uBrickEdge, uBrickCount);
  Bricks fine = bricksOf(q0, dq, uFineEdge, uFineCount);
  float coarseUntil = t;
#if MODE == SURFACE
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
      bool isSkipped = false;
      // -1, 0 or 1: all of what is skipped lies on one side of the level.
      float side = 0.0;
      if (t >= coarseUntil) {
        ivec2 space;
        until = coarseUntil = leap(coarse, t, space);
        isSkipped = space.x > 0;
        side = space.y == 0 ? 0.0 : float(2 * space.y - 3);
      }
      if (!isSkipped) {
        vec2 extremes;
        until = leave(fine, uFineBricks, t, extremes);
        isSkipped = isEmpty(extremes);
        side = extremes.x > extremes.y ? 0.0 : extremes.x > uLevel ? 1.0 : -1.0;
      }
      if (isSkipped) {
        // Whole steps, so that samples stay where they would have been.
        t += dt * max(1.0, ceil((until - t) / dt));
#if MODE == SURFACE
        before = side;
#endif
        continue;
      }
      until = min(until, end);
    }
#endif
    do {
      vec3 q = q0 + t * dq;
      float value = valueAt(q);
#if MODE == AVERAGE
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
#if MODE == SURFACE
  if (met.colour.a > 0.0) {
    vec2 light = lightOn(gradientAt(q0 + met.depth * dq, extent));
    met.colour.rgb = tintAt(p0 + met.depth * d, uSurfaceColour) * light.x + light.y;
  }
#endif
  return met;
}
#endif
