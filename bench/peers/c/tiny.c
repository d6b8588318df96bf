/* W4: everything in registers. Points are lanes; what is behind the last point counts nothing. */
#include "program.h"
#include "vectors.h"

enum { width = 3, most_batches = 8 };

static int vectors, points, batches;
static float rate;
static float weight0[width], bias0[width], weight1[width], bias1;
static const float *inputs[most_batches], *targets[most_batches];
/* 1 for points, 0 behind the last one. */
static float *counts;

static vector hidden_of(vector x, int j) { return hyperbolic_tangent(x * weight0[j] + bias0[j]); }

static void train(long i) {
  const float *x = inputs[i % batches], *y = targets[i % batches];
  vector to_weight0[width] = {{0}}, to_bias0[width] = {{0}}, to_weight1[width] = {{0}}, to_bias1 = {0};
  for (int k = 0; k < vectors * lanes; k += lanes) {
    vector hidden[width], error = bias1 - load(y + k);
    for (int j = 0; j < width; j++) {
      hidden[j] = hidden_of(load(x + k), j);
      error += hidden[j] * weight1[j];
    }
    error *= load(counts + k);
    to_bias1 += error;
    for (int j = 0; j < width; j++) {
      const vector inner = error * (1 - hidden[j] * hidden[j]);
      to_weight1[j] += error * hidden[j];
      to_bias0[j] += inner;
      to_weight0[j] += inner * load(x + k);
    }
  }
  const float factor = 2 * rate / (float)points;
  bias1 -= factor * sum_of(to_bias1);
  for (int j = 0; j < width; j++) {
    const float outer = factor * weight1[j];
    weight0[j] -= outer * sum_of(to_weight0[j]);
    bias0[j] -= outer * sum_of(to_bias0[j]);
    weight1[j] -= factor * sum_of(to_weight1[j]);
  }
}

static double evaluate(void) {
  vector squares = {0};
  for (int k = 0; k < vectors * lanes; k += lanes) {
    vector error = bias1 - load(targets[0] + k);
    for (int j = 0; j < width; j++) error += hidden_of(load(inputs[0] + k), j) * weight1[j];
    error *= load(counts + k);
    squares += error * error;
  }
  return sum_of(squares) / (double)points;
}

program tiny_program(const problem *from) {
  points = (int)array_length(from, "batches.0.x");
  vectors = (points + lanes - 1) / lanes;
  batches = from->batches;
  rate = (float)spec_number(from, "learningRate");
  memcpy(weight0, copy_array(from, 0, "params.weight0"), sizeof weight0);
  memcpy(bias0, copy_array(from, 0, "params.bias0"), sizeof bias0);
  memcpy(weight1, copy_array(from, 0, "params.weight1"), sizeof weight1);
  bias1 = copy_array(from, 0, "params.bias1")[0];
  require(batches <= most_batches, "so few batches");
  counts = allocate(vectors * lanes);
  for (int k = 0; k < points; k++) counts[k] = 1;
  for (int b = 0; b < batches; b++) {
    inputs[b] = copy_array(from, lanes, "batches.%d.x", b);
    targets[b] = copy_array(from, lanes, "batches.%d.y", b);
  }
  return (program){.step = train, .loss = evaluate, .is_alone = 1};
}
