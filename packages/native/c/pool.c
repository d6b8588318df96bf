/* The thread pool: workers that spin for a moment when they have nothing to do, then sleep. A program that is short
 * compared with waking a thread never leaves the caller's thread. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include "pool.h"

enum { most_threads = 256, spins_before_yield = 2000, spins_before_sleep = 20000 };

static struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  _Atomic int started; /* workers that exist */
  _Atomic int sleeping;
  _Atomic unsigned job; /* counts jobs; workers wait for it to move */
  _Atomic int busy;
  _Atomic int running; /* workers that have not finished the job */
  void (*body)(const rs_worker *, void *);
  void *argument;
  rs_team team;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void rs_barrier(const rs_worker *worker) {
  rs_team *team = worker->team;
  if (team->threads == 1) return;
  unsigned phase = atomic_load_explicit(&team->phase, memory_order_acquire);
  if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) == team->threads - 1) {
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    atomic_store_explicit(&team->phase, phase + 1, memory_order_release);
    return;
  }
  for (int spin = 0; atomic_load_explicit(&team->phase, memory_order_acquire) == phase; spin++) {
    /* with more threads than free cores, spinning would keep the last one from arriving */
    if (spin > spins_before_yield) sched_yield();
    else relax();
  }
}

static unsigned wait_for_job(unsigned seen) {
  unsigned job;
  for (int spin = 0; spin < spins_before_sleep; spin++) {
    if ((job = atomic_load_explicit(&pool.job, memory_order_acquire)) != seen) return job;
    relax();
  }
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add(&pool.sleeping, 1);
  while ((job = atomic_load(&pool.job)) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
  atomic_fetch_sub(&pool.sleeping, 1);
  pthread_mutex_unlock(&pool.lock);
  return job;
}

static void *work(void *self) {
  int thread = (int)(intptr_t)self;
  unsigned seen = 0;
  for (;;) {
    seen = wait_for_job(seen);
    if (thread < pool.team.threads) {
      rs_worker worker = {&pool.team, thread, pool.team.threads};
      pool.body(&worker, pool.argument);
      atomic_fetch_sub_explicit(&pool.running, 1, memory_order_release);
    }
  }
  return NULL;
}

/* Workers are detached: they end with the process. */
static int start_workers(int wanted) {
  int started = atomic_load(&pool.started);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  while (started < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, &attributes, work, (void *)(intptr_t)(started + 1)) != 0) break;
    started++;
  }
  pthread_attr_destroy(&attributes);
  atomic_store(&pool.started, started);
  return started;
}

rs_worker rs_alone(void) {
  static _Thread_local rs_team team = {.threads = 1};
  return (rs_worker){&team, 0, 1};
}

static void run(void (*body)(const rs_worker *, void *), void *argument, int threads) {
  if (threads > most_threads) threads = most_threads;
  int idle = 0;
  if (threads <= 1 || !atomic_compare_exchange_strong(&pool.busy, &idle, 1)) {
    const rs_worker alone = rs_alone();
    body(&alone, argument);
    return;
  }
  int workers = start_workers(threads - 1);
  if (workers > threads - 1) workers = threads - 1;
  pool.body = body;
  pool.argument = argument;
  pool.team.threads = workers + 1;
  atomic_store(&pool.running, workers);
  atomic_fetch_add(&pool.job, 1);
  if (atomic_load(&pool.sleeping) > 0) {
    pthread_mutex_lock(&pool.lock);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
  }
  rs_worker worker = {&pool.team, 0, workers + 1};
  body(&worker, argument);
  for (int spin = 0; atomic_load_explicit(&pool.running, memory_order_acquire) > 0; spin++) {
    if (spin > spins_before_yield) sched_yield();
    else relax();
  }
  atomic_store(&pool.busy, 0);
}

rs_contract rs_contract_float32, rs_contract_float64, rs_contract_int32;

static const rs_runtime runtime = {rs_barrier, run, rs_alone, rs_contract_float32, rs_contract_float64, rs_contract_int32};

const rs_runtime *rs_runtime_table(void) { return &runtime; }
