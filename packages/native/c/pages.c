/* Large pages, where the system gives them to those who ask. */
#define _DEFAULT_SOURCE
#include <stdint.h>
#include <sys/mman.h>

/* Asks for large pages for memory that has not been touched. Only a wish: what the system refuses stays as it was. */
void rs_use_large_pages(uint64_t at, int64_t bytes) {
#ifdef MADV_HUGEPAGE
  const uint64_t page = UINT64_C(2) << 20;
  const uint64_t from = (at + page - 1) / page * page, to = (at + bytes) / page * page;
  if (to > from) madvise((void *)from, to - from, MADV_HUGEPAGE);
#else
  (void)at, (void)bytes;
#endif
}
