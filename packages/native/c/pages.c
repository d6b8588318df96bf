/* Large pages, where the system gives them to those who ask. */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <sys/mman.h>

#if defined(__linux__) && !defined(MADV_COLLAPSE)
#define MADV_COLLAPSE 25
#endif

/* Puts memory on large pages: as it is touched for the first time, or, where it has been `touched`, by moving it there
 * now. Only wishes: what the system refuses stays as it was. */
void rs_use_large_pages(uint64_t at, int64_t bytes, int touched) {
#ifdef MADV_HUGEPAGE
  const uint64_t page = UINT64_C(2) << 20;
  const uint64_t from = (at + page - 1) / page * page, to = (at + bytes) / page * page;
  if (to <= from) return;
  madvise((void *)from, to - from, MADV_HUGEPAGE);
  if (touched) madvise((void *)from, to - from, MADV_COLLAPSE);
#else
  (void)at, (void)bytes, (void)touched;
#endif
}
