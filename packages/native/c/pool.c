/* The thread pool. Threads run a program together, phase by phase; a phase has parts, one for each thread or one for all.
 * Whoever comes claims its own part, then those that nobody has come for, and goes on when all are done: no thread waits
 * for another that sleeps or that other processes keep from a core, but for what that one is in the middle of. A late
 * thread finds parts done and hurries after the others. Workers spin for a moment when they have nothing to do, then sleep. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "pool.h"

/* How long a thread waits awake: for a part's own thread before it takes the part itself, for a part to be done, for that
 * where there are more threads than cores, and for work. Spinning finds a change soonest, sleeping makes room for the
 * thread that one waits for. Yielding does neither: on a busy machine it gives the rest of a time slice to another process. */
enum { most_threads = 255, patience = 60, phase_spins = 4000, crowded_spins = 100, job_spins = 20000 };

/* What threads tell each other of one part, or of one thread, on a cache line of its own. Phases are numbered on through
 * all jobs, so these numbers only grow. */
typedef struct {
  _Alignas(64) _Atomic uint64_t claimed; /* the last phase in which somebody took this part */
  _Atomic uint64_t done;                 /* the last phase in which it was done */
  _Alignas(64) _Atomic uint64_t inside;  /* 1 while this thread may touch the memory of the job */
} rs_place;

static struct {
  pthread_mutex_t lock;
  pthread_cond_t wake;
  _Atomic int sleeping;
  _Atomic int started; /* workers that exist */
  _Atomic int busy;
  int cores;
  _Atomic uint64_t job; /* its number, odd while it runs */
  /* What threads read once they are inside. */
  void (*body)(rs_worker *, void *);
  void *argument;
  int threads;
  int spins;
  uint64_t phase; /* the last one before the job */
  rs_place places[most_threads];
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};

static inline void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* The value of `word` once it is no longer `seen`. */
static uint64_t await_change(_Atomic uint64_t *word, uint64_t seen, int spins) {
  uint64_t now;
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
static void change(_Atomic uint64_t *word, uint64_t value) {
  atomic_store(word, value);
  if (atomic_load(&pool.sleeping) == 0) return;
  pthread_mutex_lock(&pool.lock);
  pthread_cond_broadcast(&pool.wake);
  pthread_mutex_unlock(&pool.lock);
}

static void leave(int thread) { change(&pool.places[thread].inside, 0); }

/* False when the job is over. It cannot end while a thread is inside. */
static int enter(int thread, uint64_t job) {
  atomic_store(&pool.places[thread].inside, 1);
  if (atomic_load(&pool.job) == job) return 1;
  leave(thread);
  return 0;
}

static int claim(rs_place *place, uint64_t phase) {
  uint64_t seen = atomic_load_explicit(&place->claimed, memory_order_relaxed);
  while (seen < phase)
    if (atomic_compare_exchange_weak(&place->claimed, &seen, phase)) return 1;
  return 0;
}

static int is_done(const rs_worker *worker, rs_place *place) {
  return atomic_load_explicit(&place->done, memory_order_acquire) >= worker->phase;
}

/* Waits until a part is done; true when it falls to this thread, since no other comes for it. Who did not come for one part
 * is not waited for at the next. A thread that waits for long is not inside, so that nobody has to wait for it. When the job
 * ends meanwhile, the thread leaves by a jump: not only memory, also the code it came from may have been let go. */
static int help(rs_worker *worker, rs_place *place) {
  if (is_done(worker, place)) return 0;
  int spins = worker->patience;
  while (atomic_load_explicit(&place->claimed, memory_order_relaxed) < worker->phase && spins-- > 0) relax();
  if (claim(place, worker->phase)) {
    worker->patience = 0;
    return 1;
  }
  worker->patience = patience;
  for (int i = 0; i < patience; i++) {
    if (is_done(worker, place)) return 0;
    relax();
  }
  const uint64_t before = atomic_load(&place->done);
  if (before >= worker->phase) return 0;
  const int awake = pool.spins; /* of this job: outside it may be the next one's */
  leave(worker->thread);
  await_change(&place->done, before, awake);
  if (!enter(worker->thread, worker->job)) _longjmp(*(jmp_buf *)worker->end, 1);
  return 0;
}

static int take(rs_worker *worker, int parts) {
  if (worker->threads == 1) {
    worker->part = worker->part + 1 < parts ? worker->part + 1 : -1;
    return worker->part >= 0;
  }
  if (worker->part >= 0) {
    change(&pool.places[worker->part].done, worker->phase);
  } else {
    worker->phase++;
    if (worker->thread < parts && claim(&pool.places[worker->thread], worker->phase)) {
      worker->part = worker->thread;
      return 1;
    }
  }
  for (int part = 0; part < parts; part++)
    if (help(worker, &pool.places[part])) {
      worker->part = part;
      return 1;
    }
  worker->part = -1;
  return 0;
}

static void *work(void *self) {
  const int thread = (int)(intptr_t)self;
  uint64_t job = 0;
  jmp_buf end;
  for (;;) {
    job = await_change(&pool.job, job, job_spins);
    if (job % 2 == 0 || !enter(thread, job)) continue;
    if (thread < pool.threads) {
      rs_worker worker = {thread, pool.threads, -1, patience, pool.phase, job, &end};
      if (_setjmp(end) != 0) continue;
      pool.body(&worker, pool.argument);
    }
    leave(thread);
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

static void forget(void *own) {
  for (int i = 0; i < scratches; i++) free(((rs_scratch *)own)[i].at);
  free(own);
}

static pthread_key_t own_scratch;
static void make_key(void) { pthread_key_create(&own_scratch, forget); }

/* Threads come and go: what one has packed its operands into goes with it. */
rs_scratch *rs_own_scratch(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, make_key);
  rs_scratch *own = pthread_getspecific(own_scratch);
  if (own == NULL) {
    if ((own = calloc(scratches, sizeof *own)) == NULL) abort();
    pthread_setspecific(own_scratch, own);
  }
  return own;
}

static void run(void (*body)(rs_worker *, void *), void *argument, int threads) {
  if (threads > most_threads) threads = most_threads;
  int idle = 0;
  if (threads <= 1 || !atomic_compare_exchange_strong(&pool.busy, &idle, 1)) {
    rs_worker alone = {.threads = 1, .part = -1};
    body(&alone, argument);
    return;
  }
  const int workers = start_workers(threads - 1);
  if (workers < threads - 1) threads = workers + 1;
  pool.body = body;
  pool.argument = argument;
  pool.threads = threads;
  pool.spins = threads > pool.cores ? crowded_spins : phase_spins;
  const uint64_t job = pool.job + 1;
  change(&pool.job, job);
  rs_worker worker = {0, threads, -1, 0, pool.phase, job, NULL};
  body(&worker, argument);
  atomic_store(&pool.job, job + 1);
  for (int thread = 1; thread <= workers; thread++)
    if (atomic_load(&pool.places[thread].inside)) await_change(&pool.places[thread].inside, 1, pool.spins);
  pool.phase = worker.phase;
  atomic_store(&pool.busy, 0);
}

rs_contract rs_contract_float32, rs_contract_float64, rs_contract_int32;

static const rs_runtime runtime = {take, run, rs_contract_float32, rs_contract_float64, rs_contract_int32};

/* Workers and ending threads run this code whenever they like, so it stays loaded whoever lets go of it. */
const rs_runtime *rs_runtime_table(void) {
  Dl_info self;
  if (dladdr((void *)rs_runtime_table, &self) != 0) dlopen(self.dli_fname, RTLD_NOW | RTLD_NODELETE);
  return &runtime;
}
