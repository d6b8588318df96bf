/* Hand-written C as a runner, `c-floor <problem> <threads>`: prepares a program and measures it on demand, as
 * src/runner/protocol.ts says. */
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "blas.h"
#include "program.h"

enum { compared_steps = 5, warm_up_ms = 500, most_calls = 1 << 20 };

static const struct {
  const char *kind;
  program (*make)(const problem *);
} kinds[] = {
    {"matmul", matmul_program},
    {"mlp", training_program},
    {"autoencoder", training_program},
    {"multitask", training_program},
    {"tiny", tiny_program},
    {"chain", chain_program},
    {"chainGradient", chain_gradient_program},
    {"sum", sum_program},
    {"softmax", softmax_program},
    {"layerNorm", layer_norm_program},
    {"inference", inference_program},
};

static program running;
static int threads;
/* Steps made, and milliseconds that the last ones took. */
static long made;
static double pace;

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}
static double wall_ms(void) { return now(CLOCK_MONOTONIC); }
static double cpu_ms(void) { return now(CLOCK_PROCESS_CPUTIME_ID); }

/* JSON has no word for what is not a number. */
static void say_number(double value) {
  char text[40];
  snprintf(text, sizeof text, "%.9g", value);
  fputs(strpbrk(text, "ni") == NULL ? text : "null", stdout);
}

static void say_metric(const char *metric, double value) {
  printf("{\"kind\":\"metric\",\"metric\":\"%s\",\"value\":", metric);
  say_number(value);
  puts("}");
}

static void say_values(const char *metric, const float *values, int count) {
  printf("{\"kind\":\"values\",\"metric\":\"%s\",\"values\":[", metric);
  for (int i = 0; i < count; i++) {
    if (i > 0) putchar(',');
    say_number(values[i]);
  }
  puts("]}");
}

/* The next `count` steps. */
static void run(long count) {
  const long from = made;
#pragma omp parallel num_threads(threads)
  for (long i = from; i < from + count; i++) running.step(i);
  made += count;
}

static float loss_now(void) {
  double loss = 0;
#pragma omp parallel num_threads(threads)
  {
    const double found = running.loss();
#pragma omp master
    loss = found;
  }
  return (float)loss;
}

static void say_loss(const char *metric) {
  const float loss = loss_now();
  say_values(metric, &loss, 1);
}

static void first_step(void) {
  const double start = wall_ms();
  run(1);
  say_metric("first_step_ms", wall_ms() - start);
}

/* Announces what must agree with other runners. */
static void compare(void) {
  if (running.loss == NULL) {
    float values[compared_elements];
    first_step();
    say_values("values", values, running.values(values));
    return;
  }
  say_loss("loss_init");
  first_step();
  run(compared_steps - 1);
  say_loss("loss_after_5");
}

typedef struct {
  long steps;
  double wall_ms, cpu_ms, p50_us, p99_us;
} trial;

static trial measure(long steps) {
  const double cpu = cpu_ms(), start = wall_ms();
  run(steps);
  return (trial){steps, wall_ms() - start, cpu_ms() - cpu, 0, 0};
}

static int compare_times(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

/* Each call is timed. */
static trial measure_calls(long steps) {
  static double microseconds[most_calls];
  if (steps > most_calls) steps = most_calls;
  const double cpu = cpu_ms(), start = wall_ms();
  for (long i = 0; i < steps; i++) {
    const double before = wall_ms();
    run(1);
    microseconds[i] = 1e3 * (wall_ms() - before);
  }
  trial found = {steps, wall_ms() - start, cpu_ms() - cpu, 0, 0};
  qsort(microseconds, (size_t)steps, sizeof *microseconds, compare_times);
  found.p50_us = microseconds[steps / 2];
  found.p99_us = microseconds[(long)((double)steps * 0.99)];
  return found;
}

static trial make_trial(int is_timed, double ms) {
  const double wanted = pace == 0 ? 1 : ms / pace;
  const long steps = wanted < 1 ? 1 : (long)(wanted + 0.5);
  const trial found = is_timed ? measure_calls(steps) : measure(steps);
  pace = found.wall_ms / (double)found.steps;
  return found;
}

static void say_trial(trial found, int is_timed) {
  printf("{\"kind\":\"trial\",\"trial\":{\"steps\":%ld,\"wallMs\":%.9g,\"cpuMs\":%.9g", found.steps, found.wall_ms,
         found.cpu_ms);
  if (is_timed) printf(",\"p50Us\":%.9g,\"p99Us\":%.9g", found.p50_us, found.p99_us);
  puts("}}");
}

static void obey(int is_timed) {
  double spent = 0;
  for (double ms = 1; spent < warm_up_ms; ms *= 2) spent += make_trial(is_timed, ms).wall_ms;
  puts("{\"kind\":\"ready\"}");
  char line[80];
  while (fgets(line, sizeof line, stdin) != NULL && strncmp(line, "trial ", 6) == 0)
    say_trial(make_trial(is_timed, strtod(line + 6, NULL)), is_timed);
  if (running.loss != NULL) say_metric("loss_final", loss_now());
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  say_metric("peak_rss_mb", (double)usage.ru_maxrss / 1024);
}

int main(int count, char **arguments) {
  if (count < 3) {
    /* for whoever compiled it */
    puts(openblas_get_parallel() == OPENBLAS_OPENMP ? "OpenMP build" : "build without OpenMP");
    return 0;
  }
  setvbuf(stdout, NULL, _IOLBF, 0);
  const double start = wall_ms();
  const problem found = read_problem(arguments[1]);
  for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
    if (!spec_is(&found, "kind", kinds[k].kind) || spec_has(&found, "projected")) continue;
    openblas_set_num_threads(1);
    running = kinds[k].make(&found);
    threads = running.is_alone ? 1 : atoi(arguments[2]);
    compare();
    say_metric("prepare_ms", wall_ms() - start);
    obey(spec_is(&found, "kind", "inference"));
    return 0;
  }
  puts("{\"kind\":\"unsupported\",\"because\":\"no hand-written C\"}");
  return 0;
}
