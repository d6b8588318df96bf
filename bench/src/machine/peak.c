/* What native code can do at best on this machine: `peak <threads>` prints 10^9 operations and 10^9 bytes a second, by all
 * threads together. Fused multiply-adds on as many independent vectors as registers hold, and streams through 64 MiB. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
enum { vector_bytes = 64 };
#elif defined(__AVX__)
enum { vector_bytes = 32 };
#else
enum { vector_bytes = 16 };
#endif
enum { lanes = vector_bytes / 4, chains = 10, trials = 5, most_threads = 256 };
typedef float vector __attribute__((vector_size(vector_bytes), may_alias));

static const int64_t array_bytes = 64 << 20;
static int threads;
static pthread_barrier_t start;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Where results go, so that no compiler leaves work out. */
static volatile float sink;

static void keep(const vector *x, int count) {
  float sum = 0;
  for (int i = 0; i < count; i++) sum += x[i][0];
  sink = sum;
}

static double multiply_add(void *unused) {
  (void)unused;
  vector sums[chains] = {{0}}, factor = {0};
  factor += 0.999f;
  /* equal chains would become one */
  for (int j = 0; j < chains; j++) sums[j] += (float)j;
  const int64_t count = 1 << 21;
  for (int64_t i = 0; i < count; i++)
#pragma GCC unroll 16
    for (int j = 0; j < chains; j++) sums[j] = sums[j] * factor + factor;
  keep(sums, chains);
  return 2.0 * lanes * chains * (double)count;
}

/* Three arrays, of which each thread has its own part. */
typedef struct {
  vector *to, *left, *right;
  int64_t count;
} streams;

static double read_stream(void *argument) {
  const streams *part = argument;
  vector sums[8] = {{0}};
  for (int64_t i = 0; i + 8 <= part->count; i += 8)
    for (int j = 0; j < 8; j++) sums[j] += part->left[i + j];
  keep(sums, 8);
  return (double)(part->count * vector_bytes);
}

static double triad(void *argument) {
  const streams *part = argument;
  for (int64_t i = 0; i < part->count; i++) part->to[i] = part->left[i] + part->right[i] * 3.0f;
  return (double)(3 * part->count * vector_bytes);
}

typedef struct {
  double (*body)(void *);
  streams part;
  double amount, seconds;
} job;

static void *work(void *argument) {
  job *own = argument;
  pthread_barrier_wait(&start);
  const double begin = now();
  own->amount = own->body(&own->part);
  own->seconds = now() - begin;
  return NULL;
}

/* 10^9 of what `body` counts, a second. */
static double rate(double (*body)(void *), const streams *all) {
  double best = 0;
  for (int trial = 0; trial < trials; trial++) {
    pthread_t ids[most_threads];
    job jobs[most_threads];
    const int64_t share = all->count / threads;
    for (int t = 0; t < threads; t++) {
      jobs[t] = (job){body, {all->to + t * share, all->left + t * share, all->right + t * share, share}, 0, 0};
      if (pthread_create(&ids[t], NULL, work, &jobs[t]) != 0) abort();
    }
    double amount = 0, slowest = 0;
    for (int t = 0; t < threads; t++) {
      pthread_join(ids[t], NULL);
      amount += jobs[t].amount;
      if (jobs[t].seconds > slowest) slowest = jobs[t].seconds;
    }
    if (amount / slowest > best) best = amount / slowest;
  }
  return best * 1e-9;
}

static vector *fresh(void) {
  void *at = NULL;
  if (posix_memalign(&at, 4096, (size_t)array_bytes) != 0) abort();
  /* pages that were never written to are all the same zeros */
  for (int64_t i = 0; i < array_bytes / 4; i++) ((float *)at)[i] = 1;
  return at;
}

int main(int count, char **arguments) {
  threads = count > 1 ? atoi(arguments[1]) : 1;
  if (threads < 1 || threads > most_threads) return 2;
  pthread_barrier_init(&start, NULL, (unsigned)threads);
  const streams all = {fresh(), fresh(), fresh(), array_bytes / vector_bytes};
  const double arithmetic = rate(multiply_add, &all);
  const double read = rate(read_stream, &all), both = rate(triad, &all);
  printf("{\"gflops\":%.2f,\"gbps\":%.2f}\n", arithmetic, read > both ? read : both);
  return 0;
}
