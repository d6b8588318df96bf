/* Products of row-major matrices by OpenBLAS, on the calling thread alone: threads that share a product call it for parts. */
#pragma once

#include <cblas.h>

/* A matrix to read, or its transpose; `step` elements from row to row. */
typedef struct {
  const float *at;
  long step;
  CBLAS_TRANSPOSE order;
} matrix;

static inline matrix plain(const float *at, long step) { return (matrix){at, step, CblasNoTrans}; }
static inline matrix transposed(const float *at, long step) { return (matrix){at, step, CblasTrans}; }

/* to[rows, columns] = left[rows, depth] right[depth, columns]. */
static inline void multiply(long rows, long columns, long depth, matrix left, matrix right, float *to, long to_step) {
  cblas_sgemm(CblasRowMajor, left.order, right.order, (int)rows, (int)columns, (int)depth, 1, left.at, (int)left.step,
              right.at, (int)right.step, 0, to, (int)to_step);
}
