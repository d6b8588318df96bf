#include "layers.h"

#include <math.h>

#include "blas.h"
#include "vectors.h"

/* Columns of a tile start on a cache line. */
enum { grain = 16 };

static long length(range part) { return part.to - part.from; }

/* The longer side is shared: then the smaller operand of a product is the one that every thread reads whole. */
static tile tile_of(long rows, long columns) {
  if (columns > rows) return (tile){{0, rows}, part_of(columns, grain)};
  return (tile){part_of(rows, 1), {0, columns}};
}

layer dense(int in, int out) {
  const long count = (long)(in + 1) * out;
  return (layer){in, out, allocate(count), allocate(count), allocate(count)};
}

void prepare(network *net) {
  long most = 0;
  for (int i = 0; i < net->count; i++) {
    const layer own = net->of[i];
    net->values[i + 1] = allocate((long)net->batch * own.out);
    net->slopes[i + 1] = allocate((long)net->batch * own.out);
    if ((long)(own.in + 1) * own.out > most) most = (long)(own.in + 1) * own.out;
  }
  net->gradient = allocate(most);
}

tile output_tile(const network *net) {
  const long columns = net->of[net->count - 1].out;
  if (net->is_by_element) return tile_of(net->batch, columns);
  return (tile){part_of(net->batch, 1), {0, columns}};
}

static const float *values_of(const network *net, int i) { return i == 0 ? net->input : net->values[i]; }

static void add_bias(const float *bias, tile part, long step, float *to, int is_last) {
  for (long r = part.rows.from; r < part.rows.to; r++) {
    float *row = to + r * step;
    if (is_last) {
      for (long c = part.columns.from; c < part.columns.to; c++) row[c] += bias[c];
    } else {
      for (long c = part.columns.from; c < part.columns.to; c++) row[c] = fmaxf(row[c] + bias[c], 0);
    }
  }
}

void forward(network *net) {
  for (int i = 0; i < net->count; i++) {
    const layer own = net->of[i];
    const int is_last = i + 1 == net->count;
    const tile part = is_last ? output_tile(net) : tile_of(net->batch, own.out);
    const long r = part.rows.from, c = part.columns.from;
    multiply(length(part.rows), length(part.columns), own.in, plain(values_of(net, i) + r * own.in, own.in),
             plain(own.weight + c, own.out), net->values[i + 1] + r * own.out + c, own.out);
    add_bias(own.weight + (long)own.in * own.out, part, own.out, net->values[i + 1], is_last);
    if (!is_last) meet();
  }
}

/* Slopes with respect to values[i], which are 0 where the maximum was. */
static void backward_values(network *net, int i) {
  const layer own = net->of[i];
  const tile part = tile_of(net->batch, own.in);
  const long r = part.rows.from, c = part.columns.from;
  multiply(length(part.rows), length(part.columns), own.out, plain(net->slopes[i + 1] + r * own.out, own.out),
           transposed(own.weight + c * own.out, own.out), net->slopes[i] + r * own.in + c, own.in);
  for (long row = r; row < part.rows.to; row++) {
    float *slopes = net->slopes[i] + row * own.in;
    const float *values = net->values[i] + row * own.in;
    for (long k = c; k < part.columns.to; k++) slopes[k] = values[k] > 0 ? slopes[k] : 0;
  }
}

/* What an update needs besides its arrays: the rate with the first correction, and the second one. */
typedef struct {
  float rate, correction;
} pace;

static void update(const layer *own, long from, long count, const float *restrict gradient, pace at) {
  float *restrict weight = own->weight + from, *restrict first = own->first + from, *restrict second = own->second + from;
  for (long k = 0; k < count; k++) {
    const float g = gradient[k];
    first[k] = 0.9f * first[k] + 0.1f * g;
    second[k] = 0.999f * second[k] + 0.001f * g * g;
    weight[k] -= at.rate * first[k] / (sqrtf(second[k] * at.correction) + 1e-8f);
  }
}

/* Gradients of a thread's tile lie close together, and are used up before they leave the cache. */
static void backward_weights(network *net, int i, pace at) {
  const layer own = net->of[i];
  const tile part = tile_of(own.in, own.out);
  const long r = part.rows.from, c = part.columns.from, rows = length(part.rows), columns = length(part.columns);
  float *gradient = net->gradient + r * own.out + c * own.in;
  multiply(rows, columns, net->batch, transposed(values_of(net, i) + r, own.in), plain(net->slopes[i + 1] + c, own.out),
           gradient, columns);
  if (columns == own.out) {
    update(&own, r * own.out, rows * columns, gradient, at);
    return;
  }
  for (long row = 0; row < rows; row++) update(&own, (r + row) * own.out + c, columns, gradient + row * columns, at);
}

/* Sums of columns, some at a time in registers. */
static void sum_rows(const float *from, long rows, long step, range columns, float *restrict to) {
  enum { ways = 4, block = ways * lanes };
  long c = columns.from;
  for (; c + block <= columns.to; c += block) {
    vector sums[ways] = {{0}};
    for (long r = 0; r < rows; r++)
      for (int j = 0; j < ways; j++) sums[j] += load(from + r * step + c + j * lanes);
    for (int j = 0; j < ways; j++) store(to + c + j * lanes, sums[j]);
  }
  for (long k = c; k < columns.to; k++) to[k] = 0;
  for (long r = 0; r < rows; r++)
    for (long k = c; k < columns.to; k++) to[k] += from[r * step + k];
}

static void backward_bias(network *net, int i, pace at) {
  const layer own = net->of[i];
  const range part = part_of(own.out, grain);
  const long bias = (long)own.in * own.out;
  sum_rows(net->slopes[i + 1], net->batch, own.out, part, net->gradient + bias);
  update(&own, bias + part.from, length(part), net->gradient + bias + part.from, at);
}

void backward(network *net, long step) {
  const double t = (double)step;
  const pace at = {(float)(net->rate / (1 - pow(0.9, t))), (float)(1 / (1 - pow(0.999, t)))};
  meet();
  for (int i = net->count - 1; i >= 0; i--) {
    if (i > 0) backward_values(net, i);
    /* nobody needs the old weights any more, and everybody may read the slopes */
    meet();
    backward_weights(net, i, at);
    backward_bias(net, i, at);
  }
}
