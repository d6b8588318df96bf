/* W1: OpenBLAS as it is. */
#include <string.h>

#include "blas.h"
#include "program.h"
#include "threads.h"

static long size;
static const float *left, *right;
static float *result;

static void product(long i) {
  (void)i;
  const range own = part_of(size, 16);
  multiply(size, own.to - own.from, size, plain(left, size), plain(right + own.from, size), result + own.from, size);
  meet();
}

static int values(float *to) {
  const int count = size < compared_elements ? (int)size : compared_elements;
  memcpy(to, result, sizeof(float) * (size_t)count);
  return count;
}

program matmul_program(const problem *from) {
  size = (long)spec_number(from, "size");
  left = copy_array(from, 0, "batches.0.a");
  right = copy_array(from, 0, "batches.0.b");
  result = allocate(size * size);
  return (program){.step = product, .values = values};
}
