/* What a rendered program and the runtime know of each other. Every program is its own shared object; the thread pool and
 * the contractions are compiled once and handed to it as a table of functions. */
#ifndef ROOTSTOCK_RUNTIME_H
#define ROOTSTOCK_RUNTIME_H

#include <stdint.h>

/* One of the threads that run a program together, and where in the program it is. */
typedef struct {
  int thread; /* 0 .. threads-1 */
  int threads;
  int part; /* what it does of the current phase, -1 between phases */
  int patience; /* how long it waits for another that has not come for its part */
  uint64_t phase;
  uint64_t job;
  void *end; /* where it goes when the others have ended the program without it */
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

typedef struct {
  int64_t from;
  int64_t to;
} rs_range;

/* c = a b, those rows and columns, by the calling thread. */
typedef void rs_contract(rs_range rows, rs_range columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c);

typedef struct {
  /* `while (take(worker, parts)) ...` is a phase: the body runs once for each worker->part in 0 .. parts-1 (at most
   * worker->threads), on whichever thread, and the loop ends on each thread when all parts are done. A thread without
   * which the others have ended the program never comes back from it. */
  int (*take)(rs_worker *worker, int parts);
  /* Runs `body` on all threads; on the caller's alone when another program holds the pool. */
  void (*run)(void (*body)(rs_worker *worker, void *argument), void *argument, int threads);
  rs_contract *contract_float32;
  rs_contract *contract_float64;
  rs_contract *contract_int32;
} rs_runtime;

#endif
