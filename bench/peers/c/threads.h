/* Threads that run a step together: which part is this one's, and where all meet. */
#pragma once

#include <omp.h>

/* From `from` up to `to`, without it. */
typedef struct {
  long from, to;
} range;

/* This thread's part of `count` things, in multiples of `grain`. */
static inline range part_of(long count, long grain) {
  const long threads = omp_get_num_threads(), thread = omp_get_thread_num();
  const long grains = (count + grain - 1) / grain;
  const long from = grains * thread / threads * grain, to = grains * (thread + 1) / threads * grain;
  return (range){from < count ? from : count, to < count ? to : count};
}

/* Waits for all threads. */
static inline void meet(void) {
#pragma omp barrier
}

enum { most_threads = 256 };

/* A number of each thread, on cache lines of its own. */
typedef struct {
  struct {
    _Alignas(128) double value;
  } of[most_threads];
} numbers;

/* What this thread adds. */
static inline void tell_number(numbers *all, double value) { all->of[omp_get_thread_num()].value = value; }

/* The sum over `threads` threads. */
static inline double sum_numbers(const numbers *all, int threads) {
  double sum = 0;
  for (int t = 0; t < threads; t++) sum += all->of[t].value;
  return sum;
}
