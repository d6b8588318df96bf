/* W9d and W9e: a row is read from memory once, and is in the first cache when it is read again. */
#include <math.h>

#include "program.h"
#include "threads.h"
#include "vectors.h"

/* Independent sums, so that additions need not wait for each other; a row is a multiple of so many vectors. */
enum { ways = 4, block = ways * lanes, most_columns = 4096 };

static long row_count, columns;
static const float *x, *scale, *shift;
static float *result;

/* The next row is asked for while there is arithmetic to do. */
static inline void expect(const float *row) { __builtin_prefetch(row); }

static float total(const vector parts[ways]) { return sum_of((parts[0] + parts[1]) + (parts[2] + parts[3])); }

static void softmax_row(const float *from, float *to) {
  _Alignas(64) float powers[most_columns];
  vector most[ways], sums[ways] = {{0}};
  for (int j = 0; j < ways; j++) most[j] = load(from + j * lanes);
  for (long c = block; c < columns; c += block)
    for (int j = 0; j < ways; j++) most[j] = larger(most[j], load(from + c + j * lanes));
  const float largest = largest_of(larger(larger(most[0], most[1]), larger(most[2], most[3])));
  for (long c = 0; c < columns; c += block)
    for (int j = 0; j < ways; j++) {
      const vector e = exponential(load(from + c + j * lanes) - largest);
      expect(from + columns + c + j * lanes);
      store(powers + c + j * lanes, e);
      sums[j] += e;
    }
  const float factor = 1 / total(sums);
  for (long c = 0; c < columns; c += lanes) stream(to + c, load(powers + c) * factor);
}

static void normalize_row(const float *from, float *to) {
  vector sums[ways] = {{0}}, squares[ways] = {{0}};
  for (long c = 0; c < columns; c += block)
    for (int j = 0; j < ways; j++) sums[j] += load(from + c + j * lanes);
  const float mean = total(sums) / (float)columns;
  for (long c = 0; c < columns; c += block)
    for (int j = 0; j < ways; j++) {
      const vector centred = load(from + c + j * lanes) - mean;
      expect(from + columns + c + j * lanes);
      squares[j] += centred * centred;
    }
  const float factor = 1 / sqrtf(total(squares) / (float)columns + 1e-5f);
  for (long c = 0; c < columns; c += lanes)
    stream(to + c, (load(from + c) - mean) * factor * load(scale + c) + load(shift + c));
}

static void softmax(long i) {
  (void)i;
  const range own = part_of(row_count, 1);
  for (long r = own.from; r < own.to; r++) softmax_row(x + r * columns, result + r * columns);
  meet();
}

static void layer_norm(long i) {
  (void)i;
  const range own = part_of(row_count, 1);
  for (long r = own.from; r < own.to; r++) normalize_row(x + r * columns, result + r * columns);
  meet();
}

static int values(float *to) {
  memcpy(to, result, sizeof(float) * compared_elements);
  return compared_elements;
}

static program make(const problem *from, void (*step)(long)) {
  row_count = (long)spec_number(from, "rows");
  columns = (long)spec_number(from, "columns");
  require(columns % block == 0 && columns <= most_columns, "rows of some whole vectors");
  x = copy_array(from, 0, "batches.0.x");
  result = allocate(row_count * columns);
  return (program){.step = step, .values = values};
}

program softmax_program(const problem *from) { return make(from, softmax); }

program layer_norm_program(const problem *from) {
  scale = copy_array(from, 0, "batches.0.scale");
  shift = copy_array(from, 0, "batches.0.shift");
  return make(from, layer_norm);
}
