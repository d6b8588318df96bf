#include "losses.h"

#include <math.h>

#include "vectors.h"

double squared_error(rows shape, const float *values, const float *targets, long targets_step, float weight,
                     float *slopes) {
  double sum = 0;
  for (long r = 0; r < shape.count; r++) {
    const float *row = values + r * shape.step, *wanted = targets + r * targets_step;
    float *to = slopes + r * shape.step, of_row = 0;
    for (long c = 0; c < shape.columns; c++) {
      const float error = row[c] - wanted[c];
      of_row += error * error;
      to[c] = 2 * weight * error;
    }
    sum += of_row;
  }
  return sum;
}

/* Inlined for a number of classes, so that loops over them have no end to look for. */
__attribute__((always_inline)) static inline double cross_entropy_of(rows shape, int groups, int classes, const float *values,
                                                                     const int32_t *const codes[], float weight,
                                                                     float *slopes) {
  double sum = 0;
  for (long r = 0; r < shape.count; r++)
    for (int g = 0; g < groups; g++) {
      const float *x = values + r * shape.step + g * classes;
      float *to = slopes + r * shape.step + g * classes, most = x[0];
      for (int c = 1; c < classes; c++) most = x[c] > most ? x[c] : most;
      for (int c = 0; c < classes; c++) to[c] = x[c] - most;
      sum -= to[codes[g][r]];
    }
  /* and of what lies between the rows, which somebody else overwrites */
  if (shape.count > 0) exponentials(slopes, (shape.count - 1) * shape.step + groups * classes);
  for (long r = 0; r < shape.count; r++) {
    float product = 1;
    for (int g = 0; g < groups; g++) {
      float *to = slopes + r * shape.step + g * classes, total = 0;
      for (int c = 0; c < classes; c++) total += to[c];
      for (int c = 0; c < classes; c++) to[c] *= weight / total;
      to[codes[g][r]] -= weight;
      product *= total;
    }
    sum += logf(product);
  }
  return sum;
}

double cross_entropy(rows shape, int groups, const float *values, const int32_t *const codes[], float weight,
                     float *slopes) {
  const int classes = (int)shape.columns / groups;
  if (classes == 5) return cross_entropy_of(shape, groups, 5, values, codes, weight, slopes);
  if (classes == 10) return cross_entropy_of(shape, groups, 10, values, codes, weight, slopes);
  return cross_entropy_of(shape, groups, classes, values, codes, weight, slopes);
}
