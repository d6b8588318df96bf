/* Losses of rows with their derivatives. */
#pragma once

#include <stdint.h>

/* A matrix's rows: from one to the next `step` elements, of which a loss looks at the first `columns`. */
typedef struct {
  long count, step, columns;
} rows;

/* sum of (values - targets)^2 over all elements; slopes are its derivatives times `weight`. Targets have a step of their own. */
double squared_error(rows shape, const float *values, const float *targets, long targets_step, float weight,
                     float *slopes);

/* `groups` classifications side by side, with columns / groups classes each: the sum of log sum_c exp(x_c) - x_code over
 * rows and groups, with codes[g][row]; slopes are its derivatives times `weight`. */
double cross_entropy(rows shape, int groups, const float *values, const int32_t *const codes[], float weight,
                     float *slopes);
