/* What contractions need of the pool. */
#ifndef ROOTSTOCK_POOL_H
#define ROOTSTOCK_POOL_H

#include <stddef.h>

#include "runtime.h"

/* Memory that is kept for the next time. */
typedef struct {
  void *at;
  size_t bytes;
} rs_scratch;

/* The calling thread's own, for one packed operand each. */
enum { scratches = 2 };
rs_scratch *rs_own_scratch(void);

#endif
