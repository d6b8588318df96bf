/* Contractions c[i, j] = sum over l of a[i, l] b[l, j], after Goto and van de Geijn, "Anatomy of high-performance matrix
 * multiplication" (2008): parts of a and b are copied into contiguous panels by all threads together, and a tile of
 * accumulators in registers runs over them. Each element has one accumulator that takes l in order (stored and loaded
 * again between blocks of l), so its bits depend neither on the blocking nor on the number of threads.
 *
 * Compiled with contraction of a*b+c on: products are fused where the target can, and `rs_fused` says whether. The file
 * includes itself once for each element type. */
#ifndef ELEMENT

#include <stdlib.h>
#include <string.h>

#include "pool.h"

/* Bytes of a vector register, and rows of a tile: with two vectors of columns its accumulators fill the register file. */
#if defined(__AVX512F__)
enum { vector_bytes = 64, tile_rows = 14 };
#elif defined(__AVX__)
enum { vector_bytes = 32, tile_rows = 6 };
#elif defined(__aarch64__)
enum { vector_bytes = 16, tile_rows = 12 };
#else
enum { vector_bytes = 16, tile_rows = 6 };
#endif

#if defined(__FMA__) || defined(__aarch64__)
enum { fused = 1 };
#define fused_float(a, b, c) __builtin_fmaf(a, b, c)
#define fused_double(a, b, c) __builtin_fma(a, b, c)
#else
enum { fused = 0 };
#define fused_float(a, b, c) ((a) * (b) + (c))
#define fused_double(a, b, c) ((a) * (b) + (c))
#endif
#define fused_int32_t(a, b, c) ((a) * (b) + (c))
/* What was compiled, for those who compare bits or print it. */
int rs_fused(void) { return fused; }
int rs_vector_bytes(void) { return vector_bytes; }
int rs_tile_rows(void) { return tile_rows; }

/* A tile's part of b (block_depth x two vectors) fits the first-level cache, a block of a (block_rows x block_depth) the
 * second-level cache, a block of b the third; packed_b bytes of b fit the second-level cache too. */
enum { block_depth = 256, block_rows = 336, block_columns = 4096, packed_b = 512 * 1024 };

/* Products up to which copying and sharing cost more than they save. */
enum { small_work = 4096, direct_rows = 4 };

static void *reserve(rs_scratch *scratch, size_t bytes) {
  if (scratch->bytes < bytes) {
    free(scratch->at);
    scratch->bytes = bytes + bytes / 4;
    if (posix_memalign(&scratch->at, 64, scratch->bytes) != 0) abort();
  }
  return scratch->at;
}

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static inline int64_t pieces(int64_t total, int64_t size) { return (total + size - 1) / size; }
/* First of `total` things that belong to piece `i` of `count` nearly equal ones. */
static inline int64_t start_of(int64_t total, int64_t i, int64_t count) { return total * i / count; }

/* Where element i of a walk is, from the first. */
static inline int64_t position(rs_walk walk, int64_t i) {
  int64_t sum = 0;
  for (int k = walk.nested - 1; k > 0; k--) {
    sum += i % walk.steps[k].count * walk.steps[k].stride;
    i /= walk.steps[k].count;
  }
  return walk.nested > 0 ? sum + i * walk.steps[0].stride : sum;
}
/* How many elements from i on are one stride apart, and that stride. */
static inline int64_t run_from(rs_walk walk, int64_t i) {
  const int64_t count = walk.nested > 0 ? walk.steps[walk.nested - 1].count : 1;
  return count - (walk.nested > 1 ? i % count : i);
}
static inline int64_t stride_of(rs_walk walk) { return walk.nested > 0 ? walk.steps[walk.nested - 1].stride : 0; }

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define ELEMENT float
#define FUSED fused_float
#define NAME(x) JOIN(x, _float32)
#include "contract.c"
#undef ELEMENT
#undef FUSED
#undef NAME

#define ELEMENT int32_t
#define FUSED fused_int32_t
#define NAME(x) JOIN(x, _int32)
#include "contract.c"
#undef ELEMENT
#undef FUSED
#undef NAME

#define ELEMENT double
#define FUSED fused_double
#define NAME(x) JOIN(x, _float64)
#include "contract.c"
#undef ELEMENT
#undef FUSED
#undef NAME

#else

enum { NAME(lanes) = vector_bytes / sizeof(ELEMENT), NAME(tile_columns) = 2 * NAME(lanes) };

/* A vector that may lie anywhere. */
typedef ELEMENT NAME(vector) __attribute__((vector_size(vector_bytes), aligned(sizeof(ELEMENT)), may_alias));
typedef ELEMENT NAME(four) __attribute__((vector_size(4 * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));

/* Part of an operand as a tile walks it: strides of its rows (of a) and of depth. */
typedef struct {
  const ELEMENT *at;
  int64_t row;
  int64_t depth;
} NAME(walk);

/* rows x vectors accumulators. c has unit column stride; `first`: start from 0 instead of from c. */
static inline __attribute__((always_inline)) void NAME(tile)(const int rows, const int vectors, int64_t depth,
                                                             NAME(walk) a, NAME(walk) b, ELEMENT *c, int64_t stride,
                                                             int first) {
  NAME(vector) sum[tile_rows][2];
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++)
      sum[i][j] = first ? (NAME(vector)){0} : ((const NAME(vector) *)(c + i * stride))[j];
  for (int64_t l = 0; l < depth; l++) {
    NAME(vector) right[2];
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) right[j] = ((const NAME(vector) *)(b.at + l * b.depth))[j];
#pragma GCC unroll 16
    for (int i = 0; i < rows; i++) {
      const ELEMENT left = a.at[i * a.row + l * a.depth];
#pragma GCC unroll 2
      for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; i++)
#pragma GCC unroll 2
    for (int j = 0; j < vectors; j++) ((NAME(vector) *)(c + i * stride))[j] = sum[i][j];
}

/* Tiles over packed panels: a is depth x rows, b is depth x tile_columns. */
typedef void NAME(packed_tile)(int64_t depth, const ELEMENT *a, const ELEMENT *b, ELEMENT *c, int64_t stride, int first);

#define TILE(rows, vectors)                                                                                       \
  static void NAME(tile_##rows##_##vectors)(int64_t depth, const ELEMENT *a, const ELEMENT *b, ELEMENT *c,        \
                                            int64_t stride, int first) {                                          \
    NAME(tile)(rows, vectors, depth, (NAME(walk)){a, 1, rows}, (NAME(walk)){b, 0, NAME(tile_columns)}, c, stride, \
               first);                                                                                            \
  }
#define TILES(rows) TILE(rows, 1) TILE(rows, 2)
#define ENTRY(rows) {NAME(tile_##rows##_1), NAME(tile_##rows##_2)}
TILES(1) TILES(2) TILES(3) TILES(4) TILES(5) TILES(6)
#if defined(__AVX512F__) || defined(__aarch64__)
TILES(7) TILES(8) TILES(9) TILES(10) TILES(11) TILES(12)
#endif
#if defined(__AVX512F__)
TILES(13) TILES(14)
#endif
static NAME(packed_tile) *const NAME(tiles)[tile_rows][2] = {
    ENTRY(1), ENTRY(2), ENTRY(3), ENTRY(4), ENTRY(5), ENTRY(6),
#if defined(__AVX512F__) || defined(__aarch64__)
    ENTRY(7), ENTRY(8), ENTRY(9), ENTRY(10), ENTRY(11), ENTRY(12),
#endif
#if defined(__AVX512F__)
    ENTRY(13), ENTRY(14),
#endif
};
#undef TILE
#undef TILES
#undef ENTRY

#include "pack.h"

/* One tile at its place in c, by way of a buffer where c is narrower than whole vectors or not dense. */
static void NAME(place)(int64_t rows, int64_t columns, int64_t depth, const ELEMENT *a, const ELEMENT *b, ELEMENT *c,
                        int64_t row, int64_t column, int first) {
  const int vectors = columns > NAME(lanes) ? 2 : 1;
  NAME(packed_tile) *const tile = NAME(tiles)[rows - 1][vectors - 1];
  if (column == 1 && columns == vectors * NAME(lanes)) {
    tile(depth, a, b, c, row, first);
    return;
  }
  ELEMENT buffer[tile_rows * NAME(tile_columns)];
  if (!first)
    for (int64_t i = 0; i < rows; i++)
      for (int64_t j = 0; j < columns; j++) buffer[i * NAME(tile_columns) + j] = c[i * row + j * column];
  tile(depth, a, b, buffer, NAME(tile_columns), first);
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = 0; j < columns; j++) c[i * row + j * column] = buffer[i * NAME(tile_columns) + j];
}

/* Tiles of the product of packed parts: those of panels p0 .. p1 and slivers s0 .. s1. */
static void NAME(multiply)(int64_t p0, int64_t p1, int64_t s0, int64_t s1, int64_t rows, int64_t columns, int64_t depth,
                           const ELEMENT *a, const ELEMENT *b, ELEMENT *c, int64_t row, int64_t column, int first) {
  const int64_t panels = pieces(rows, tile_rows);
  for (int64_t s = s0; s < s1; s++) {
    const int64_t j = s * NAME(tile_columns);
    for (int64_t p = p0; p < p1; p++) {
      const int64_t i = start_of(rows, p, panels), height = start_of(rows, p + 1, panels) - i;
      NAME(place)(height, least(NAME(tile_columns), columns - j), depth, a + i * depth, b + j * depth,
                  c + i * row + j * column, row, column, first);
    }
  }
}

/* Threads pack blocks of both operands together and then divide their tiles. */
static void NAME(wide)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                       rs_panel c) {
  const int64_t t = worker->thread, n = worker->threads, row = stride_of(c.rows), column = stride_of(c.columns);
  const int64_t deep = pieces(depth, pieces(depth, block_depth)), broad = least(columns, block_columns);
  const int64_t high = pieces(rows, pieces(rows, block_rows));
  if (t == 0) {
    reserve(&worker->team->a, (size_t)(high * deep) * sizeof(ELEMENT));
    reserve(&worker->team->b, (size_t)(pieces(broad, NAME(tile_columns)) * NAME(tile_columns) * deep) * sizeof(ELEMENT));
  }
  rs_barrier(worker);
  ELEMENT *const of_a = worker->team->a.at, *const of_b = worker->team->b.at;
  for (int64_t j = 0; j < columns; j += broad) {
    const int64_t width = least(broad, columns - j), slivers = pieces(width, NAME(tile_columns));
    for (int64_t l = 0; l < depth; l += deep) {
      const int64_t length = least(deep, depth - l);
      NAME(pack_b)(start_of(slivers, t, n), start_of(slivers, t + 1, n), j, width, l, length, b, of_b);
      for (int64_t i = 0; i < rows; i += high) {
        const int64_t height = least(high, rows - i), panels = pieces(height, tile_rows);
        const int by_columns = slivers >= panels || slivers % n == 0;
        NAME(pack_a)(start_of(panels, t, n), start_of(panels, t + 1, n), i, height, l, length, a, of_a);
        rs_barrier(worker);
        NAME(multiply)(by_columns ? 0 : start_of(panels, t, n), by_columns ? panels : start_of(panels, t + 1, n),
                       by_columns ? start_of(slivers, t, n) : 0, by_columns ? start_of(slivers, t + 1, n) : slivers,
                       height, width, length, of_a, of_b, (ELEMENT *)c.at + i * row + j * column, row, column, l == 0);
        rs_barrier(worker);
      }
    }
  }
}

/* Each thread packs blocks of its own rows and multiplies them with as much of b, packed by all, as stays in a cache. */
static void NAME(tall)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                       rs_panel c) {
  const int64_t t = worker->thread, n = worker->threads, row = stride_of(c.rows), column = stride_of(c.columns);
  const int64_t deep = pieces(depth, pieces(depth, block_depth)), broad = least(columns, block_columns);
  const int64_t across = pieces(broad, NAME(tile_columns)) * NAME(tile_columns);
  const int64_t blocks = least(pieces(depth, deep), most(1, packed_b / (across * deep * (int64_t)sizeof(ELEMENT))));
  const int64_t panels = pieces(rows, tile_rows);
  const int64_t first = tile_rows * start_of(panels, t, n), end = least(rows, tile_rows * start_of(panels, t + 1, n));
  const int64_t high = least(block_rows, tile_rows * pieces(panels, n));
  if (t == 0) {
    reserve(&worker->team->a, (size_t)(n * high * deep) * sizeof(ELEMENT));
    reserve(&worker->team->b, (size_t)(across * blocks * deep) * sizeof(ELEMENT));
  }
  rs_barrier(worker);
  ELEMENT *const of_a = (ELEMENT *)worker->team->a.at + t * high * deep, *const of_b = worker->team->b.at;
  for (int64_t j = 0; j < columns; j += broad) {
    const int64_t width = least(broad, columns - j), slivers = pieces(width, NAME(tile_columns));
    for (int64_t from = 0; from < depth; from += blocks * deep) {
      const int64_t to = least(depth, from + blocks * deep);
      for (int64_t l = from; l < to; l += deep)
        NAME(pack_b)(start_of(slivers, t, n), start_of(slivers, t + 1, n), j, width, l, least(deep, to - l), b,
                     of_b + (l - from) * across);
      rs_barrier(worker);
      for (int64_t i = first; i < end; i += high)
        for (int64_t l = from; l < to; l += deep) {
          const int64_t height = least(high, end - i), length = least(deep, to - l), own = pieces(height, tile_rows);
          NAME(pack_a)(0, own, i, height, l, length, a, of_a);
          NAME(multiply)(0, own, 0, slivers, height, width, length, of_a, of_b + (l - from) * across,
                         (ELEMENT *)c.at + i * row + j * column, row, column, l == 0);
        }
      rs_barrier(worker);
    }
  }
}

/* Few rows over a b whose rows are dense: nothing is used often enough to be worth a copy. */
static void NAME(direct)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                         rs_panel c) {
  const int64_t whole = columns / NAME(lanes), row = stride_of(c.rows);
  const int64_t from = start_of(whole, worker->thread, worker->threads);
  const int64_t to = start_of(whole, worker->thread + 1, worker->threads);
  for (int64_t s = from; s < to;) {
    const int vectors = s + 2 <= to ? 2 : 1;
    const NAME(walk) left = {a.at, stride_of(a.rows), stride_of(a.columns)};
    const NAME(walk) right = {(const ELEMENT *)b.at + s * NAME(lanes), 0, stride_of(b.rows)};
    ELEMENT *const at = (ELEMENT *)c.at + s * NAME(lanes);
#define DIRECT(rows)                                                              \
  case rows:                                                                      \
    if (vectors == 2) NAME(tile)(rows, 2, depth, left, right, at, row, 1);        \
    else NAME(tile)(rows, 1, depth, left, right, at, row, 1);                     \
    break;
    switch (rows) { DIRECT(1) DIRECT(2) DIRECT(3) DIRECT(4) }
#undef DIRECT
    s += vectors;
  }
}

static void NAME(plain)(int64_t rows, int64_t from, int64_t columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int64_t along_a = stride_of(a.columns), along_b = stride_of(b.rows);
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = from; j < columns; j++) {
      const ELEMENT *x = (const ELEMENT *)a.at + i * stride_of(a.rows);
      const ELEMENT *y = (const ELEMENT *)b.at + j * stride_of(b.columns);
      ELEMENT sum = 0;
      for (int64_t l = 0; l < depth; l++) sum = FUSED(x[l * along_a], y[l * along_b], sum);
      ((ELEMENT *)c.at)[i * stride_of(c.rows) + j * stride_of(c.columns)] = sum;
    }
}

static rs_panel NAME(turned)(rs_panel x) { return (rs_panel){x.at, x.columns, x.rows}; }

void NAME(rs_contract)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                       rs_panel c) {
  const int straight = a.rows.nested <= 1 && a.columns.nested <= 1 && b.rows.nested <= 1 && b.columns.nested <= 1;
  /* the transpose of the product is the product of the transposes, and columns are what vectors run along */
  if ((stride_of(c.columns) != 1 && stride_of(c.rows) == 1) || (columns < NAME(lanes) && rows > columns)) {
    const rs_panel left = a;
    const int64_t height = rows;
    a = NAME(turned)(b), b = NAME(turned)(left), c = NAME(turned)(c);
    rows = columns, columns = height;
  }
  if (straight && rows <= direct_rows && stride_of(b.columns) == 1 && stride_of(c.columns) == 1 && depth > 0) {
    NAME(direct)(worker, rows, columns, depth, a, b, c);
    if (worker->thread == 0) NAME(plain)(rows, columns - columns % NAME(lanes), columns, depth, a, b, c);
  } else if (depth == 0 || (straight && rows * columns * depth <= small_work)) {
    if (worker->thread == 0) NAME(plain)(rows, 0, columns, depth, a, b, c);
  } else if (rows >= columns) {
    NAME(tall)(worker, rows, columns, depth, a, b, c);
  } else {
    NAME(wide)(worker, rows, columns, depth, a, b, c);
  }
}

#endif
