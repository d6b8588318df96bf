/* What contractions need of the pool. */
#ifndef ROOTSTOCK_POOL_H
#define ROOTSTOCK_POOL_H

#include <stdatomic.h>
#include <stddef.h>

#include "runtime.h"

/* Memory that is kept for the next time. */
typedef struct {
  void *at;
  size_t bytes;
} rs_scratch;

/* Threads that run one program together. */
struct rs_team {
  int spins; /* how long its threads wait for each other before they sleep */
  _Atomic int arrived;
  _Atomic unsigned phase;
  rs_scratch a, b; /* packed operands */
};

void rs_barrier(const rs_worker *worker);
rs_worker rs_alone(void);

#endif
