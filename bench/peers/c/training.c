/* W2, W3, W5 and W10: dense layers and Adam, with a loss of their own each. */
#include "blas.h"
#include "layers.h"
#include "losses.h"
#include "program.h"
#include "vectors.h"

enum { most_batches = 8, most_tasks = 8 };

static network net;
static int batches;
/* Of each batch: inputs, class codes by task, and numbers to predict, [batch, regressions]. */
static float *inputs[most_batches], *targets[most_batches];
static int32_t *codes[most_batches][most_tasks];
static int regressions, classifications;
/* Inputs with some of them set to 0, and the random state of each thread. */
static float *noisy, probability;
static bits states[most_threads];
/* What each thread's part of the output adds to the loss of the last step. */
static numbers losses;

/* The loss of this thread's part of the output, with its slopes. */
static double classifier_loss(int b) {
  const range own = output_tile(&net).rows;
  const long columns = net.of[net.count - 1].out, at = own.from * columns;
  const int32_t *const of_rows[] = {codes[b][0] + own.from};
  const rows shape = {own.to - own.from, columns, columns};
  const float weight = 1 / (float)net.batch;
  return weight * cross_entropy(shape, 1, net.values[net.count] + at, of_rows, weight, net.slopes[net.count] + at);
}

static double reconstruction_loss(int b) {
  const tile own = output_tile(&net);
  const long step = net.of[net.count - 1].out, at = own.rows.from * step + own.columns.from;
  const rows shape = {own.rows.to - own.rows.from, step, own.columns.to - own.columns.from};
  const float weight = 1 / ((float)net.batch * (float)step);
  return weight * squared_error(shape, net.values[net.count] + at, inputs[b] + at, step, weight, net.slopes[net.count] + at);
}

/* The mean over tasks; regressions are the first columns. */
static double multitask_loss(int b) {
  const range own = output_tile(&net).rows;
  const long step = net.of[net.count - 1].out, at = own.from * step, count = own.to - own.from;
  const float *values = net.values[net.count] + at, weight = 1 / ((float)(regressions + classifications) * (float)net.batch);
  float *slopes = net.slopes[net.count] + at;
  const int32_t *of_rows[most_tasks];
  for (int i = 0; i < classifications; i++) of_rows[i] = codes[b][i] + own.from;
  /* in this order, since what is between the classes of one row and the next is not kept */
  const double entropy = cross_entropy((rows){count, step, step - regressions}, classifications, values + regressions, of_rows,
                                       weight, slopes + regressions);
  const double error = squared_error((rows){count, step, regressions}, values, targets[b] + own.from * regressions,
                                     regressions, weight, slopes);
  return weight * (entropy + error);
}

static double (*loss_of)(int b);

/* Sets some of this thread's inputs to 0, by a generator on each lane (Marsaglia, "Xorshift RNGs", 2003). */
static void add_noise(const float *from) {
  const range own = part_of((long)net.batch * net.of[0].in, lanes);
  const uint32_t threshold = (uint32_t)(probability * 0x1p31f);
  bits state = states[omp_get_thread_num()];
  for (long i = own.from; i < own.to; i += lanes) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    const whole keep = (whole)(state >> 1) >= (int32_t)threshold;
    store(noisy + i, (vector)(keep & (whole)load(from + i)));
  }
  states[omp_get_thread_num()] = state;
}

static void seed_noise(void) {
  uint32_t seed = 0x9e3779b9u;
  for (int t = 0; t < most_threads; t++)
    for (int lane = 0; lane < lanes; lane++) {
      seed = seed * 1664525u + 1013904223u;
      states[t][lane] = seed | 1;
    }
}

static void train(long i) {
  const int b = (int)(i % batches);
  if (noisy != NULL) {
    add_noise(inputs[b]);
    meet();
  }
  net.input = noisy != NULL ? noisy : inputs[b];
  forward(&net);
  tell_number(&losses, loss_of(b));
  backward(&net, i + 1);
  meet();
}

static double evaluate(void) {
  net.input = inputs[0];
  forward(&net);
  tell_number(&losses, loss_of(0));
  meet();
  return sum_numbers(&losses, omp_get_num_threads());
}

/* The layers of `sizes`, with the weights of the problem. */
static void add_layers(const problem *from, int count, const int *sizes) {
  for (int i = 0; i < count; i++) {
    const float *weight = copy_array(from, 0, "params.weight%d", i);
    layer *own = &net.of[net.count++];
    *own = dense(sizes[i], sizes[i + 1]);
    memcpy(own->weight, weight, sizeof(float) * (size_t)sizes[i] * (size_t)sizes[i + 1]);
  }
}

/* A head's weights as columns of the joined layer. */
static void add_head(const problem *from, const char *kind, int index, int column, int width) {
  const layer own = net.of[net.count];
  const float *weight = copy_array(from, 0, "params.%s%d.weight", kind, index);
  for (int r = 0; r < own.in; r++)
    memcpy(own.weight + r * own.out + column, weight + r * width, sizeof(float) * (size_t)width);
}

/* All heads as one product. */
static void add_heads(const problem *from, int width) {
  const int classes = (int)spec_number(from, "classes");
  net.of[net.count] = dense(width, regressions + classifications * classes);
  for (int i = 0; i < regressions; i++) add_head(from, "regression", i, i, 1);
  for (int i = 0; i < classifications; i++) add_head(from, "classification", i, regressions + i * classes, classes);
  net.count++;
}

static void read_batch(const problem *from, int b) {
  inputs[b] = copy_array(from, lanes, "batches.%d.x", b);
  if (loss_of == classifier_loss) codes[b][0] = copy_codes(from, "batches.%d.labels", b);
  for (int i = 0; i < classifications; i++) codes[b][i] = copy_codes(from, "batches.%d.classification%d", b, i);
  if (regressions > 0) targets[b] = allocate((long)net.batch * regressions);
  for (int i = 0; i < regressions; i++) {
    const float *column = copy_array(from, 0, "batches.%d.regression%d", b, i);
    for (int r = 0; r < net.batch; r++) targets[b][r * regressions + i] = column[r];
  }
}

program training_program(const problem *from) {
  const int has_heads = spec_is(from, "kind", "multitask"), is_noisy = spec_is(from, "kind", "autoencoder");
  int sizes[most_layers + 1];
  const int count = spec_list(from, has_heads ? "trunk" : "sizes", most_layers, sizes) - 1;
  batches = from->batches;
  require(batches <= most_batches && count < most_layers, "so few batches and layers");
  net.batch = (int)spec_number(from, "batch");
  net.rate = (float)spec_number(from, "learningRate");
  net.is_by_element = is_noisy;
  add_layers(from, count, sizes);
  loss_of = has_heads ? multitask_loss : is_noisy ? reconstruction_loss : classifier_loss;
  if (has_heads) {
    regressions = (int)spec_number(from, "regressions");
    classifications = (int)spec_number(from, "classifications");
    require(classifications <= most_tasks, "so few classifications");
    add_heads(from, sizes[count]);
  }
  if (is_noisy) {
    probability = (float)spec_number(from, "noise");
    noisy = allocate((long)net.batch * sizes[0] + lanes);
    seed_noise();
  }
  for (int b = 0; b < batches; b++) read_batch(from, b);
  prepare(&net);
  return (program){.step = train, .loss = evaluate};
}
