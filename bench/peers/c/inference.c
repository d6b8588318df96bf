/* W11: one row through the net of W2. The weights pass by once, row by row, while sums stay in registers. */
#include "program.h"
#include "vectors.h"

enum { most_layers = 8, most_inputs = 64, block = registers / 2 };

/* Weights [in, out] with rows padded to whole vectors, and the bias. */
typedef struct {
  long in, out, step;
  float *weight, *bias;
} layer;

static layer layers[most_layers];
static int layer_count, input_count;
static const float *inputs[most_inputs];
static float *hidden[most_layers + 1];

/* `count` vectors of the output from column c on; inlined for a count, so that they are registers. */
__attribute__((always_inline)) static inline void apply_block(const layer *own, long c, int count, const float *from, float *to,
                                                              int is_last) {
  vector sums[block];
  for (int j = 0; j < count; j++) sums[j] = load(own->bias + c + j * lanes);
  const float *weight = own->weight + c;
  for (long k = 0; k < own->in; k++, weight += own->step)
    for (int j = 0; j < count; j++) sums[j] += load(weight + j * lanes) * from[k];
  for (int j = 0; j < count; j++) store(to + c + j * lanes, is_last ? sums[j] : larger(sums[j], all(0)));
}

static void apply(const layer *own, const float *from, float *to, int is_last) {
  long c = 0;
  for (; c + block * lanes <= own->step; c += block * lanes) apply_block(own, c, block, from, to, is_last);
  for (; c < own->step; c += lanes) apply_block(own, c, 1, from, to, is_last);
}

static void answer(long i) {
  const float *from = inputs[i % input_count];
  for (int k = 0; k < layer_count; from = hidden[++k]) apply(&layers[k], from, hidden[k + 1], k + 1 == layer_count);
}

static int values(float *to) {
  const layer *last = &layers[layer_count - 1];
  answer(0);
  memcpy(to, hidden[layer_count], sizeof(float) * (size_t)last->out);
  return (int)last->out;
}

static layer read_layer(const problem *from, int index, long in, long out) {
  const long step = (out + lanes - 1) / lanes * lanes;
  layer own = {in, out, step, allocate(in * step), copy_array(from, lanes, "params.bias%d", index)};
  const float *weight = copy_array(from, 0, "params.weight%d", index);
  for (long r = 0; r < in; r++) memcpy(own.weight + r * step, weight + r * out, sizeof(float) * (size_t)out);
  return own;
}

program inference_program(const problem *from) {
  int sizes[most_layers + 1];
  layer_count = spec_list(from, "sizes", most_layers + 1, sizes) - 1;
  for (int k = 0; k < layer_count; k++) {
    layers[k] = read_layer(from, k, sizes[k], sizes[k + 1]);
    hidden[k + 1] = allocate(layers[k].step);
  }
  input_count = from->batches < most_inputs ? from->batches : most_inputs;
  for (int i = 0; i < input_count; i++) inputs[i] = copy_array(from, 0, "batches.%d.x", i);
  return (program){.step = answer, .values = values, .is_alone = 1};
}
