/* Dense layers with max(x, 0) between them, trained by Adam (Kingma and Ba, 2015), by all threads together. */
#pragma once

#include "problem.h"
#include "threads.h"

enum { most_layers = 8 };

/* Rows and columns of a matrix. */
typedef struct {
  range rows, columns;
} tile;

/* Weights [in, out] and behind them the bias [out], with both moments of Adam in the same order. */
typedef struct {
  int in, out;
  float *weight, *first, *second;
} layer;

typedef struct {
  int batch, count;
  float rate;
  /* Whether the loss looks at elements one by one, or at whole rows of the output. */
  int is_by_element;
  layer of[most_layers];
  /* values[0] are the inputs of a step, values[i + 1] what layer i makes of values[i]; slopes are the derivatives of the
   * loss with respect to the same, before the maximum. */
  const float *input;
  float *values[most_layers + 1], *slopes[most_layers + 1];
  float *gradient;
} network;

/* A layer of zeros. */
layer dense(int in, int out);

/* Adds the arrays that the layers need, when they are all there. */
void prepare(network *net);

/* The part of the output that this thread makes, and alone may read before the threads meet. */
tile output_tile(const network *net);

/* From net->input to values[count]. */
void forward(network *net);

/* From slopes[count] to new parameters: update number `step`, from 1. */
void backward(network *net, long step);
