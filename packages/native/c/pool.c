/* The thread pool: workers that spin for a moment when they have nothing to do, then sleep. A program that is short
 * compared with waking a thread never leaves the caller's thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "pool.h"

/* How long a thread waits awake: for the others of its team, for these where there are more threads than cores, and for work.
 * Spinning finds a change soonest, sleeping makes room for the thread that one waits for. Yielding does neither: on a busy
 * machine it gives the rest of a time slice to another process. */
enum { most_threads = 255, barrier_spins = 4000, crowded_spins = 100, job_spins = 20000 };

static struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  _Atomic int sleeping;
  _Atomic int started; /* workers that exist */
  _Atomic int busy;
  int cores;
  /* Number of the job, times 256, plus the size of its team: a worker that comes late sees both of one job. */
  _Atomic unsigned job;
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

/* The value of `word` once it is no longer `seen`. */
static unsigned await_change(_Atomic unsigned *word, unsigned seen, int spins) {
  unsigned now;
  for (int i = 0; i < spins; i++) {
    if ((now = atomic_load_explicit(word, memory_order_acquire)) != seen) return now;
    relax();
  }
  pthread_mutex_lock(&pool.lock);
  atomic_fetch_add(&pool.sleeping, 1);
  while ((now = atomic_load(word)) == seen) pthread_cond_wait(&pool.wake, &pool.lock);
  atomic_fetch_sub(&pool.sleeping, 1);
  pthread_mutex_unlock(&pool.lock);
  return now;
}

/* Sets a word that others wait for. A thread counts as sleeping before it looks for the last time, so none is missed. */
static void change(_Atomic unsigned *word, unsigned value) {
  atomic_store(word, value);
  if (atomic_load(&pool.sleeping) == 0) return;
  pthread_mutex_lock(&pool.lock);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
}

void rs_barrier(const rs_worker *worker) {
  rs_team *team = worker->team;
  if (worker->threads == 1) return;
  const unsigned phase = atomic_load_explicit(&team->phase, memory_order_acquire);
  if (atomic_fetch_add_explicit(&team->arrived, 1, memory_order_acq_rel) == worker->threads - 1) {
    atomic_store_explicit(&team->arrived, 0, memory_order_relaxed);
    change(&team->phase, phase + 1);
  } else {
    await_change(&team->phase, phase, team->spins);
  }
}

static void *work(void *self) {
  const int thread = (int)(intptr_t)self;
  unsigned job = 0;
  for (;;) {
    job = await_change(&pool.job, job, job_spins);
    const int threads = (int)(job % 256);
    if (thread >= threads) continue;
    const rs_worker worker = {&pool.team, thread, threads};
    pool.body(&worker, pool.argument);
    rs_barrier(&worker);
  }
  return NULL;
}

/* Workers are detached: they end with the process. */
static int start_workers(int wanted) {
  int started = atomic_load(&pool.started);
  if (started == 0) pool.cores = (int)sysconf(_SC_NPROCESSORS_ONLN);
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

static void forget(void *team) {
  free(((rs_team *)team)->a.at);
  free(((rs_team *)team)->b.at);
  free(team);
}

static pthread_key_t own_team;
static void make_key(void) { pthread_key_create(&own_team, forget); }

/* Threads come and go: what one has packed its operands into goes with it. */
rs_worker rs_alone(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_key);
  rs_team *team = pthread_getspecific(own_team);
  if (team == NULL) {
    if ((team = calloc(1, sizeof *team)) == NULL) abort();
    pthread_setspecific(own_team, team);
  }
  return (rs_worker){team, 0, 1};
}

static void run(void (*body)(const rs_worker *, void *), void *argument, int threads) {
  if (threads > most_threads) threads = most_threads;
  int idle = 0;
  if (threads <= 1 || !atomic_compare_exchange_strong(&pool.busy, &idle, 1)) {
    const rs_worker alone = rs_alone();
    body(&alone, argument);
    return;
  }
  const int workers = start_workers(threads - 1);
  if (workers < threads - 1) threads = workers + 1;
  pool.body = body;
  pool.argument = argument;
  pool.team.spins = threads > pool.cores ? crowded_spins : barrier_spins;
  change(&pool.job, (pool.job / 256 + 1) * 256 + (unsigned)threads);
  const rs_worker worker = {&pool.team, 0, threads};
  body(&worker, argument);
  rs_barrier(&worker);
  atomic_store(&pool.busy, 0);
}

rs_contract rs_contract_float32, rs_contract_float64, rs_contract_int32;

static const rs_runtime runtime = {rs_barrier, run, rs_alone, rs_contract_float32, rs_contract_float64, rs_contract_int32};

/* Workers and ending threads run this code whenever they like, so it stays loaded whoever lets go of it. */
const rs_runtime *rs_runtime_table(void) {
  Dl_info self;
  if (dladdr((void *)rs_runtime_table, &self) != 0) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
  return &runtime;
}
