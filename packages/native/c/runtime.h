/* What a rendered program and the runtime know of each other. Every program is its own shared object; the thread pool and
 * the contractions are compiled once and handed to it as a table of functions. */
#ifndef ROOTSTOCK_RUNTIME_H
#define ROOTSTOCK_RUNTIME_H

#include <stdint.h>

/* One of the threads that run a program together. */
typedef struct rs_team rs_team;
typedef struct {
  rs_team *team;
  int thread;  /* 0 .. threads-1 */
  int threads;
} rs_worker;

/* `count` elements, each `stride` after the one before. */
typedef struct {
  int64_t count;
  int64_t stride;
} rs_steps;

/* How the elements along an axis lie: nested steps, outermost first; none where there is one element. */
typedef struct {
  int nested;
  const rs_steps *steps;
} rs_walk;

/* Where element (0, 0) of an operand lies, and the others from there. */
typedef struct {
  void *at;
  rs_walk rows;
  rs_walk columns;
} rs_panel;

typedef void rs_contract(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                         rs_panel c);

typedef struct {
  /* Waits until every thread of the team is here. */
  void (*barrier)(const rs_worker *worker);
  /* Runs `body` on all threads; one after another when another program holds the pool. */
  void (*run)(void (*body)(const rs_worker *worker, void *argument), void *argument, int threads);
  /* The calling thread as a team of its own, for work that a thread does without the others. */
  rs_worker (*alone)(void);
  /* c = a b, by all threads of the team together; ends without a barrier. */
  rs_contract *contract_float32;
  rs_contract *contract_float64;
  rs_contract *contract_int32;
} rs_runtime;

#endif
