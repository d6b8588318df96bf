/* What a workload gives the server, and who makes it. A process runs one workload, so that its state is static. */
#pragma once

#include "problem.h"

enum { compared_elements = 48 };

typedef struct {
  /* Step i, run by all threads together: each does its part, and they meet where one needs what another made. */
  void (*step)(long i);
  /* Training: the loss of the current parameters on batch 0, without noise. Also run by all threads. */
  double (*loss)(void);
  /* Everything else: writes the first elements of the result, and returns how many. */
  int (*values)(float *to);
  /* Too little work to share: one thread makes the steps. */
  int is_alone;
} program;

program matmul_program(const problem *from);
program training_program(const problem *from);
program tiny_program(const problem *from);
program chain_program(const problem *from);
program chain_gradient_program(const problem *from);
program sum_program(const problem *from);
program softmax_program(const problem *from);
program layer_norm_program(const problem *from);
program inference_program(const problem *from);
