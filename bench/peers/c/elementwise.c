/* W9a to W9c: one pass over memory each. */
#include "program.h"
#include "threads.h"
#include "vectors.h"

static long count;
static const float *x, *y, *z;
static float *results[3];
static int result_count, value_count;
/* Those of the last step may still be read while threads tell those of the next. */
static numbers sums[2];

static const float slope = 0x1.988454p-1f, cubic = 0.044715f; /* sqrt(2 / pi) */

static void chain(long i) {
  (void)i;
  const range own = part_of(count, lanes);
  for (long k = own.from; k < own.to; k += lanes) {
    const vector v = load(x + k), t = hyperbolic_tangent((v + v * v * v * cubic) * slope);
    stream(results[0] + k, (v * 0.5f) * (t + 1) * load(y + k) + load(z + k));
  }
  meet();
}

static void chain_gradient(long i) {
  (void)i;
  const range own = part_of(count, lanes);
  for (long k = own.from; k < own.to; k += lanes) {
    const vector v = load(x + k), square = v * v, t = hyperbolic_tangent((v + v * square * cubic) * slope);
    const vector half = 0.5f * (t + 1), steep = 0.5f * v * (1 - t * t) * (slope * (1 + square * (3 * cubic)));
    stream(results[0] + k, (half + steep) * load(y + k));
    stream(results[1] + k, half * v);
    stream(results[2] + k, all(1));
  }
  meet();
}

static void sum(long i) {
  enum { ways = 8 };
  const range own = part_of(count, ways * lanes);
  vector parts[ways] = {{0}};
  long k = own.from;
  for (; k + ways * lanes <= own.to; k += ways * lanes)
    for (int j = 0; j < ways; j++) parts[j] += load(x + k + j * lanes);
  double found = 0;
  for (int j = 0; j < ways; j++) found += sum_of(parts[j]);
  for (; k < own.to; k++) found += x[k];
  tell_number(&sums[i % 2], found);
  meet();
#pragma omp master
  results[0][0] = (float)sum_numbers(&sums[i % 2], omp_get_num_threads());
}

static int values(float *to) {
  for (int i = 0; i < result_count; i++) memcpy(to + i * value_count, results[i], sizeof(float) * (size_t)value_count);
  return result_count * value_count;
}

/* Results of so many arrays, of which so many elements are shown together. */
static program make(const problem *from, void (*step)(long), int arrays, int shown) {
  count = (long)spec_number(from, "size");
  result_count = arrays;
  value_count = shown / arrays;
  for (int i = 0; i < arrays; i++) results[i] = allocate(shown == 1 ? 1 : count + lanes);
  x = copy_array(from, lanes, "batches.0.x");
  if (step != sum) {
    y = copy_array(from, lanes, "batches.0.y");
    z = copy_array(from, lanes, "batches.0.z");
  }
  return (program){.step = step, .values = values};
}

program chain_program(const problem *from) { return make(from, chain, 1, compared_elements); }
program chain_gradient_program(const problem *from) { return make(from, chain_gradient, 3, compared_elements); }
program sum_program(const problem *from) { return make(from, sum, 1, 1); }
