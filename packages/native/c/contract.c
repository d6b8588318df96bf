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
 * second-level cache, a block of b the third. */
enum { block_depth = 256, block_rows = 336, block_columns = 4096 };

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
static inline int64_t pieces(int64_t total, int64_t size) { return (total + size - 1) / size; }
/* First of `total` things that belong to piece `i` of `count` nearly equal ones. */
static inline int64_t start_of(int64_t total, int64_t i, int64_t count) { return total * i / count; }

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

/* to[l * stride + i] = from[i * row + l * column] for i < count, l < depth. */
static void NAME(interleave)(int64_t count, int64_t depth, const ELEMENT *from, int64_t row, int64_t column, ELEMENT *to,
                             int64_t stride) {
  if (row == 1) {
    for (int64_t l = 0; l < depth; l++) memcpy(to + l * stride, from + l * column, (size_t)count * sizeof(ELEMENT));
    return;
  }
  int64_t i = 0;
  for (; column == 1 && i + 4 <= count; i += 4) {
    const ELEMENT *rows = from + i * row;
    int64_t l = 0;
    for (; l + 4 <= depth; l += 4) {
      const NAME(four) x0 = *(const NAME(four) *)(rows + l), x1 = *(const NAME(four) *)(rows + row + l);
      const NAME(four) x2 = *(const NAME(four) *)(rows + 2 * row + l), x3 = *(const NAME(four) *)(rows + 3 * row + l);
      const NAME(four) y0 = __builtin_shufflevector(x0, x1, 0, 4, 1, 5), y1 = __builtin_shufflevector(x2, x3, 0, 4, 1, 5);
      const NAME(four) y2 = __builtin_shufflevector(x0, x1, 2, 6, 3, 7), y3 = __builtin_shufflevector(x2, x3, 2, 6, 3, 7);
      ELEMENT *at = to + l * stride + i;
      *(NAME(four) *)at = __builtin_shufflevector(y0, y1, 0, 1, 4, 5);
      *(NAME(four) *)(at + stride) = __builtin_shufflevector(y0, y1, 2, 3, 6, 7);
      *(NAME(four) *)(at + 2 * stride) = __builtin_shufflevector(y2, y3, 0, 1, 4, 5);
      *(NAME(four) *)(at + 3 * stride) = __builtin_shufflevector(y2, y3, 2, 3, 6, 7);
    }
    for (; l < depth; l++)
      for (int64_t k = 0; k < 4; k++) to[l * stride + i + k] = rows[k * row + l];
  }
  for (; i < count; i++)
    for (int64_t l = 0; l < depth; l++) to[l * stride + i] = from[i * row + l * column];
}

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

/* Copies slivers of b, `columns` x `depth`, padded to whole tiles. */
static void NAME(pack_b)(int64_t from, int64_t to, int64_t columns, int64_t depth, const ELEMENT *b, rs_panel panel,
                         ELEMENT *packed) {
  for (int64_t s = from; s < to; s++) {
    ELEMENT *sliver = packed + s * NAME(tile_columns) * depth;
    const int64_t width = least(NAME(tile_columns), columns - s * NAME(tile_columns));
    if (width < NAME(tile_columns)) memset(sliver, 0, (size_t)(NAME(tile_columns) * depth) * sizeof(ELEMENT));
    NAME(interleave)(width, depth, b + s * NAME(tile_columns) * panel.column, panel.column, panel.row, sliver,
                     NAME(tile_columns));
  }
}

/* The product of packed parts, the tiles of this thread. */
static void NAME(multiply)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, const ELEMENT *a,
                           const ELEMENT *b, ELEMENT *c, rs_panel panel, int first) {
  const int64_t panels = pieces(rows, tile_rows), slivers = pieces(columns, NAME(tile_columns));
  const int by_columns = slivers >= panels || slivers % worker->threads == 0;
  const int64_t t = worker->thread, n = worker->threads;
  const int64_t p0 = by_columns ? 0 : start_of(panels, t, n), p1 = by_columns ? panels : start_of(panels, t + 1, n);
  const int64_t s0 = by_columns ? start_of(slivers, t, n) : 0, s1 = by_columns ? start_of(slivers, t + 1, n) : slivers;
  for (int64_t s = s0; s < s1; s++) {
    const int64_t j = s * NAME(tile_columns);
    for (int64_t p = p0; p < p1; p++) {
      const int64_t i = start_of(rows, p, panels), height = start_of(rows, p + 1, panels) - i;
      NAME(place)(height, least(NAME(tile_columns), columns - j), depth, a + i * depth, b + j * depth,
                  c + i * panel.row + j * panel.column, panel.row, panel.column, first);
    }
  }
}

static void NAME(blocked)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                          rs_panel c) {
  const int64_t t = worker->thread, n = worker->threads;
  const int64_t deep = pieces(depth, pieces(depth, block_depth)), wide = least(columns, block_columns);
  const int64_t high = pieces(rows, pieces(rows, block_rows));
  if (t == 0) {
    reserve(&worker->team->a, (size_t)(high * deep) * sizeof(ELEMENT));
    reserve(&worker->team->b, (size_t)(pieces(wide, NAME(tile_columns)) * NAME(tile_columns) * deep) * sizeof(ELEMENT));
  }
  rs_barrier(worker);
  ELEMENT *const packed_a = worker->team->a.at, *const packed_b = worker->team->b.at;
  for (int64_t j = 0; j < columns; j += wide) {
    const int64_t width = least(wide, columns - j), slivers = pieces(width, NAME(tile_columns));
    for (int64_t l = 0; l < depth; l += deep) {
      const int64_t length = least(deep, depth - l);
      NAME(pack_b)(start_of(slivers, t, n), start_of(slivers, t + 1, n), width, length,
                   (const ELEMENT *)b.at + l * b.row + j * b.column, b, packed_b);
      for (int64_t i = 0; i < rows; i += high) {
        const int64_t height = least(high, rows - i), panels = pieces(height, tile_rows);
        for (int64_t p = start_of(panels, t, n); p < start_of(panels, t + 1, n); p++) {
          const int64_t from = start_of(height, p, panels), count = start_of(height, p + 1, panels) - from;
          NAME(interleave)(count, length, (const ELEMENT *)a.at + (i + from) * a.row + l * a.column, a.row, a.column,
                           packed_a + from * length, count);
        }
        rs_barrier(worker);
        NAME(multiply)(worker, height, width, length, packed_a, packed_b,
                       (ELEMENT *)c.at + i * c.row + j * c.column, c, l == 0);
        rs_barrier(worker);
      }
    }
  }
}

/* Few rows over a b whose rows are dense: nothing is used often enough to be worth a copy. */
static void NAME(direct)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                         rs_panel c) {
  const int64_t whole = columns / NAME(lanes);
  const int64_t from = start_of(whole, worker->thread, worker->threads);
  const int64_t to = start_of(whole, worker->thread + 1, worker->threads);
  for (int64_t s = from; s < to;) {
    const int vectors = s + 2 <= to ? 2 : 1;
    const NAME(walk) left = {a.at, a.row, a.column}, right = {(const ELEMENT *)b.at + s * NAME(lanes), 0, b.row};
    ELEMENT *const at = (ELEMENT *)c.at + s * NAME(lanes);
#define DIRECT(rows)                                                                \
  case rows:                                                                        \
    if (vectors == 2) NAME(tile)(rows, 2, depth, left, right, at, c.row, 1);        \
    else NAME(tile)(rows, 1, depth, left, right, at, c.row, 1);                     \
    break;
    switch (rows) { DIRECT(1) DIRECT(2) DIRECT(3) DIRECT(4) }
#undef DIRECT
    s += vectors;
  }
}

static void NAME(plain)(int64_t rows, int64_t from, int64_t columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = from; j < columns; j++) {
      const ELEMENT *x = (const ELEMENT *)a.at + i * a.row, *y = (const ELEMENT *)b.at + j * b.column;
      ELEMENT sum = 0;
      for (int64_t l = 0; l < depth; l++) sum = FUSED(x[l * a.column], y[l * b.row], sum);
      ((ELEMENT *)c.at)[i * c.row + j * c.column] = sum;
    }
}

static rs_panel NAME(turned)(rs_panel x) { return (rs_panel){x.at, x.column, x.row}; }

void NAME(rs_contract)(const rs_worker *worker, int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b,
                       rs_panel c) {
  /* the transpose of the product is the product of the transposes, and columns are what vectors run along */
  if ((c.column != 1 && c.row == 1) || (columns < NAME(lanes) && rows > columns)) {
    const rs_panel left = a;
    const int64_t height = rows;
    a = NAME(turned)(b), b = NAME(turned)(left), c = NAME(turned)(c);
    rows = columns, columns = height;
  }
  if (rows <= direct_rows && b.column == 1 && c.column == 1 && depth > 0) {
    NAME(direct)(worker, rows, columns, depth, a, b, c);
    if (worker->thread == 0) NAME(plain)(rows, columns - columns % NAME(lanes), columns, depth, a, b, c);
  } else if (rows * columns * depth <= small_work) {
    if (worker->thread == 0) NAME(plain)(rows, 0, columns, depth, a, b, c);
  } else {
    NAME(blocked)(worker, rows, columns, depth, a, b, c);
  }
}

#endif
