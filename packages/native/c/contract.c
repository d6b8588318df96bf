/* Contractions c[i, j] = sum over l of a[i, l] b[l, j], after Goto and van de Geijn, "Anatomy of high-performance matrix
 * multiplication" (2008): parts of a and b are copied into contiguous panels, and a tile of accumulators in registers runs over
 * them. Threads that share a product have rows or columns of their own and copy what they need themselves. Each element has
 * one accumulator that takes l in order (stored and loaded again between blocks of l), so its bits depend neither on the
 * blocking nor on the number of threads.
 *
 * Compiled with contraction of a*b+c on: products are fused where the target can, and `rs_fused` says whether. The file
 * includes itself once for each element type. */
#ifndef ELEMENT

#if defined(__AVX512F__)
#include <immintrin.h>
#endif
#include <math.h>
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

/* Deep blocks pass over c least often, which is what large products wait for. A block of a (block_rows rows of block_bytes) and
 * a tile's part of b fit the second-level cache together, that of processors with AVX-512 being a megabyte at least. A block of
 * b (block_columns columns of block_bytes) is small beside the third, which others may be filling; packed_b bytes of b fit the
 * second too. A row of b is read slivers_together slivers at a time. */
enum { block_bytes = vector_bytes == 64 ? 4096 : 2048, block_rows = 112, block_columns = 1024 };
enum { packed_b = 512 * 1024, slivers_together = 4 };

/* Elements of a run of windows on average, and bytes between their rows, for which tiles walk them where they lie. */
enum { shortest_run = 12, crowded = 2048 };

/* Products up to which copying costs more than it saves. With few rows each has several vectors of columns at a time: so many
 * accumulators that none is waited for, and that b is walked in long steps. */
#if defined(__AVX512F__) || defined(__aarch64__)
enum { direct_vectors = 16 };
#else
enum { direct_vectors = 8 };
#endif
enum { small_work = 4096, direct_rows = 4 };

/* Products that look for zeros, and how many of the samples of an operand make lists worth their while: more of b, since c is
 * then written across its rows. */
enum { least_sparse = 32, sparse_work = 2 * 1024 * 1024, samples = 128, enough_of_a = 58, enough_of_b = 90 };
/* Rows that have lists at a time, panels along their depth, columns of b that stay packed, and room after a list. */
enum { list_rows = 128, sparse_depth = 256, list_parts = sparse_depth * vector_bytes / 4096 };
enum { sparse_columns = 2048, list_gap = 16 };

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
static inline int64_t size_of(rs_range range) { return range.to - range.from; }
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

/* Elements of a walk that are one stride apart. */
typedef struct {
  int64_t from;
  int64_t length;
} rs_run;

/* The runs of a walk from l on, `depth` elements together; how many they are. */
static int64_t runs_of(rs_walk walk, int64_t l, int64_t depth, rs_run *runs) {
  int64_t count = 0;
  for (int64_t done = 0; done < depth; done += runs[count++].length)
    runs[count] = (rs_run){position(walk, l + done), least(depth - done, run_from(walk, l + done))};
  return count;
}

/* Before loops over a tile: only where they are gone can its accumulators be registers. */
#if defined(__clang__)
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)

#define ELEMENT float
#define BITS int32_t
#define FUSED fused_float
#define NAME(x) JOIN(x, _float32)
#include "contract.c"
#undef ELEMENT
#undef BITS
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
#define BITS int64_t
#define FUSED fused_double
#define NAME(x) JOIN(x, _float64)
#include "contract.c"
#undef ELEMENT
#undef BITS
#undef FUSED
#undef NAME

#else

enum { NAME(lanes) = vector_bytes / sizeof(ELEMENT), NAME(tile_columns) = 2 * NAME(lanes) };
enum { NAME(block_depth) = block_bytes / sizeof(ELEMENT) };

/* A vector that may lie anywhere. */
typedef ELEMENT NAME(vector) __attribute__((vector_size(vector_bytes), aligned(sizeof(ELEMENT)), may_alias));
typedef ELEMENT NAME(four) __attribute__((vector_size(4 * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));
typedef ELEMENT NAME(eight) __attribute__((vector_size(8 * sizeof(ELEMENT)), aligned(sizeof(ELEMENT)), may_alias));

/* Rows of a as a tile walks them: `row` apart, and along the depth runs of elements `depth` apart. From `next` on lie rows,
 * `next_row` apart, that will be packed soon. */
typedef struct {
  const ELEMENT *at;
  int64_t row;
  int64_t depth;
  const rs_run *runs;
  int64_t count;
  const ELEMENT *next;
  int64_t next_row;
} NAME(walk);

/* rows x vectors accumulators. Rows of b are `across` apart, c has unit column stride; `first`: start from 0 and not from c.
 * `asks`: with each step along the depth, ask for a line of what comes next. */
static inline __attribute__((always_inline)) void NAME(tile)(const int rows, const int vectors, const int asks,
                                                             NAME(walk) a, const ELEMENT *b, int64_t across, ELEMENT *c,
                                                             int64_t stride, int first) {
  enum { lines = block_bytes / 64 };
  const ELEMENT *next = a.next;
  NAME(vector) sum[tile_rows][direct_vectors];
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++)
      sum[i][j] = first ? (NAME(vector)){0} : ((const NAME(vector) *)(c + i * stride))[j];
  for (int64_t r = 0; r < a.count; r++) {
    const ELEMENT *at = a.at + a.runs[r].from;
    for (int64_t l = 0; l < a.runs[r].length; l++, b += across) {
      if (asks) {
        if (l % lines == 0) next = a.next + l / lines * a.next_row;
        __builtin_prefetch(next);
        next += 64 / sizeof(ELEMENT);
      }
      NAME(vector) right[direct_vectors];
      UNROLLED for (int j = 0; j < vectors; j++) right[j] = ((const NAME(vector) *)b)[j];
      UNROLLED for (int i = 0; i < rows; i++) {
        const ELEMENT left = at[i * a.row + l * a.depth];
        UNROLLED for (int j = 0; j < vectors; j++) sum[i][j] += left * right[j];
      }
    }
  }
  UNROLLED for (int i = 0; i < rows; i++)
    UNROLLED for (int j = 0; j < vectors; j++) ((NAME(vector) *)(c + i * stride))[j] = sum[i][j];
}

/* Tiles over a sliver of b, depth x tile_columns. */
typedef void NAME(sliver_tile)(NAME(walk) a, const ELEMENT *b, ELEMENT *c, int64_t stride, int first);

/* Of rows that are neighbours, as in packed panels. */
#define TILE(rows, vectors)                                                                                       \
  static void NAME(tile_##rows##_##vectors)(NAME(walk) a, const ELEMENT *b, ELEMENT *c, int64_t stride, int first) { \
    a.row = 1;                                                                                                    \
    NAME(tile)(rows, vectors, 1, a, b, NAME(tile_columns), c, stride, first);                                     \
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
static NAME(sliver_tile) *const NAME(tiles)[tile_rows][2] = {
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

/* Of tile_rows rows that lie apart, along a depth of neighbours. */
static void NAME(apart_1)(NAME(walk) a, const ELEMENT *b, ELEMENT *c, int64_t stride, int first) {
  a.depth = 1;
  NAME(tile)(tile_rows, 1, 0, a, b, NAME(tile_columns), c, stride, first);
}
static void NAME(apart_2)(NAME(walk) a, const ELEMENT *b, ELEMENT *c, int64_t stride, int first) {
  a.depth = 1;
  NAME(tile)(tile_rows, 2, 0, a, b, NAME(tile_columns), c, stride, first);
}

#include "pack.h"

/* One tile at its place in c, by way of a buffer where c is narrower than whole vectors or not dense. */
static void NAME(place)(int64_t rows, int64_t columns, NAME(walk) a, const ELEMENT *b, ELEMENT *c, int64_t row,
                        int64_t column, int first) {
  const int vectors = columns > NAME(lanes) ? 2 : 1;
  NAME(sliver_tile) *const apart = vectors == 2 ? NAME(apart_2) : NAME(apart_1);
  NAME(sliver_tile) *const tile = a.row == 1 ? NAME(tiles)[rows - 1][vectors - 1] : apart;
  if (column == 1 && columns == vectors * NAME(lanes)) {
    tile(a, b, c, row, first);
    return;
  }
  ELEMENT buffer[tile_rows * NAME(tile_columns)];
  if (!first)
    for (int64_t i = 0; i < rows; i++)
      for (int64_t j = 0; j < columns; j++) buffer[i * NAME(tile_columns) + j] = c[i * row + j * column];
  tile(a, b, buffer, NAME(tile_columns), first);
  for (int64_t i = 0; i < rows; i++) {
    const ELEMENT *const from = buffer + i * NAME(tile_columns);
    ELEMENT *const to = c + i * row;
    if (column == 1 && columns > NAME(lanes)) { /* the second vector may overlap the first */
      const int64_t rest = columns - NAME(lanes);
      *(NAME(vector) *)to = *(const NAME(vector) *)from;
      *(NAME(vector) *)(to + rest) = *(const NAME(vector) *)(from + rest);
    } else
      for (int64_t j = 0; j < columns; j++) to[j * column] = from[j];
  }
}

/* Asks for a tile of c before it is needed: its rows lie apart, where no processor looks ahead. */
static void NAME(expect)(const ELEMENT *c, int64_t row) {
  for (int i = 0; i < tile_rows; i++)
    for (int j = 0; j < 2; j++) __builtin_prefetch(c + i * row + j * NAME(lanes));
}

/* The product of `rows` rows of a from row i on, packed by panels where they must be, with packed `columns` of b. */
static void NAME(multiply)(int64_t i, int64_t rows, int64_t j, int64_t columns, int64_t l, int64_t depth, rs_panel a,
                           ELEMENT *packed, const ELEMENT *b, rs_panel c, int first) {
  const int64_t row = stride_of(c.rows), column = stride_of(c.columns), panels = pieces(rows, tile_rows);
  rs_run runs[NAME(block_depth)];
  const rs_run whole = {0, depth};
  const int64_t count = runs_of(a.columns, l, depth, runs);
  const int once = columns <= NAME(tile_columns);
  const int dense = a.rows.nested <= 1 && a.columns.nested <= 1 && stride_of(a.columns) == 1;
  for (int64_t s = 0; s < columns; s += NAME(tile_columns))
    for (int64_t p = 0; p < panels; p++) {
      /* panels of one height, but whole tiles where only those can walk rows that lie apart */
      const int64_t k = once ? p * tile_rows : start_of(rows, p, panels);
      const int64_t height = once ? least(tile_rows, rows - k) : start_of(rows, p + 1, panels) - k;
      NAME(walk) left = NAME(in_place)(i + k, height, a, runs, count, depth, once);
      if (left.at == NULL) {
        left = (NAME(walk)){packed + k * depth, 1, height, &whole, 1};
        if (s == 0) NAME(gather)(a.rows, i + k, height, a.columns, l, depth, a.at, packed + k * depth, height);
      }
      /* the next panel, whose rows lie apart, or else what is near anyway */
      const int asks = dense && s == 0 && p + 1 < panels;
      left.next = asks ? (const ELEMENT *)a.at + (i + k + height) * stride_of(a.rows) + l : b + s * depth;
      left.next_row = asks ? stride_of(a.rows) : 0;
      ELEMENT *const at = (ELEMENT *)c.at + (i + k) * row + (j + s) * column;
      if (!first) NAME(expect)(p + 1 < panels ? at + height * row : at - k * row + NAME(tile_columns) * column, row);
      NAME(place)(height, least(NAME(tile_columns), columns - s), left, b + s * depth, at, row, column, first);
    }
}

/* Blocks of rows are multiplied with as much of b as stays packed in a cache. */
static void NAME(blocked)(rs_range rows, rs_range columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int64_t deep = pieces(depth, pieces(depth, NAME(block_depth)));
  /* whole tiles: steps of windows are often a few of them long */
  const int64_t high = tile_rows * pieces(pieces(size_of(rows), tile_rows), pieces(size_of(rows), block_rows));
  const int64_t broad = NAME(tile_columns) * pieces(pieces(size_of(columns), NAME(tile_columns)),
                                                    pieces(size_of(columns), block_columns));
  const int64_t blocks = least(pieces(depth, deep), most(1, packed_b / (broad * deep * (int64_t)sizeof(ELEMENT))));
  rs_scratch *const own = rs_own_scratch();
  ELEMENT *const of_a = reserve(&own[0], (size_t)(high * deep) * sizeof(ELEMENT));
  ELEMENT *const of_b = reserve(&own[1], (size_t)(broad * blocks * deep) * sizeof(ELEMENT));
  for (int64_t j = columns.from; j < columns.to; j += broad) {
    const int64_t width = least(broad, columns.to - j);
    for (int64_t from = 0; from < depth; from += blocks * deep) {
      const int64_t to = least(depth, from + blocks * deep);
      for (int64_t l = from; l < to; l += deep)
        NAME(pack_b)(j, width, l, least(deep, to - l), b, of_b + (l - from) * broad);
      for (int64_t i = rows.from; i < rows.to; i += high)
        for (int64_t l = from; l < to; l += deep)
          NAME(multiply)(i, least(high, rows.to - i), j, width, l, least(deep, to - l), a, of_a,
                         of_b + (l - from) * broad, c, l == 0);
    }
  }
}

/* The tiles of few rows. */
static void NAME(direct_tile)(int64_t rows, int vectors, NAME(walk) a, const ELEMENT *b, int64_t across, ELEMENT *c,
                              int64_t stride, int first) {
#define DIRECT(rows, vectors) \
  case 32 * rows + vectors: NAME(tile)(rows, vectors, 0, a, b, across, c, stride, first); break;
  switch (32 * (int)rows + vectors) {
    DIRECT(1, 1) DIRECT(1, 2) DIRECT(1, 4) DIRECT(1, 8) DIRECT(2, 1) DIRECT(2, 2) DIRECT(2, 4)
    DIRECT(3, 1) DIRECT(3, 2) DIRECT(4, 1) DIRECT(4, 2)
#if defined(__AVX512F__) || defined(__aarch64__)
    DIRECT(1, 16) DIRECT(2, 8) DIRECT(3, 4) DIRECT(4, 4)
#endif
  }
#undef DIRECT
}

/* Fewer columns than a vector has. Vectors reach into the next rows of b and, where they would reach beyond its last element,
 * into a copy. */
static void NAME(edge)(int64_t rows, int64_t columns, int64_t depth, NAME(walk) a, const ELEMENT *b, int64_t down,
                       ELEMENT *c, int64_t row) {
  ELEMENT sums[direct_rows * NAME(lanes)], rest[NAME(lanes) * NAME(lanes)] = {0};
  const int64_t within = most(0, depth - pieces(NAME(lanes) - columns, down)), beyond = depth - within;
  const rs_run there = {0, within}, here = {within * a.depth, beyond};
  a.runs = &there;
  NAME(direct_tile)(rows, 1, a, b, down, sums, NAME(lanes), 1);
  for (int64_t l = 0; l < beyond; l++) memcpy(rest + l * NAME(lanes), b + (within + l) * down, columns * sizeof(ELEMENT));
  a.runs = &here;
  NAME(direct_tile)(rows, 1, a, rest, NAME(lanes), sums, NAME(lanes), 0);
  for (int64_t i = 0; i < rows; i++) memcpy(c + i * row, sums + i * NAME(lanes), columns * sizeof(ELEMENT));
}

/* Few rows over a b whose rows are dense: nothing is used often enough to be worth a copy. How many columns are done. */
static int64_t NAME(direct)(int64_t rows, int64_t columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int64_t whole = columns / NAME(lanes), row = stride_of(c.rows), down = stride_of(b.rows);
  const int64_t done = whole * NAME(lanes), width = columns - done;
  const rs_run run = {0, depth};
  const NAME(walk) left = {a.at, stride_of(a.rows), stride_of(a.columns), &run, 1};
  for (int64_t s = 0; s < whole;) {
    int vectors = rows == 1 ? direct_vectors : rows == 2 ? direct_vectors / 2 : direct_vectors / 4;
    while (s + vectors > whole) vectors /= 2;
    NAME(direct_tile)(rows, vectors, left, (const ELEMENT *)b.at + s * NAME(lanes), down,
                      (ELEMENT *)c.at + s * NAME(lanes), row, 1);
    s += vectors;
  }
  if (width == 0 || down <= 0) return done;
  NAME(edge)(rows, width, depth, left, (const ELEMENT *)b.at + done, down, (ELEMENT *)c.at + done, row);
  return columns;
}

/* A vector's worth of columns at a time, so that one sum need not wait for the other. */
static void NAME(plain)(int64_t rows, int64_t from, int64_t columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int64_t along_a = stride_of(a.columns), along_b = stride_of(b.rows);
  const int64_t across_b = stride_of(b.columns), across_c = stride_of(c.columns);
  for (int64_t i = 0; i < rows; i++)
    for (int64_t j = from; j < columns; j += NAME(lanes)) {
      const int64_t width = least(NAME(lanes), columns - j);
      const ELEMENT *x = (const ELEMENT *)a.at + i * stride_of(a.rows), *y = (const ELEMENT *)b.at + j * across_b;
      ELEMENT *const z = (ELEMENT *)c.at + i * stride_of(c.rows) + j * across_c;
      ELEMENT sum[NAME(lanes)] = {0};
      for (int64_t l = 0; l < depth; l++)
        for (int64_t k = 0; k < width; k++) sum[k] = FUSED(x[l * along_a], y[l * along_b + k * across_b], sum[k]);
      for (int64_t k = 0; k < width; k++) z[k * across_c] = sum[k];
    }
}

static rs_panel NAME(turned)(rs_panel x) { return (rs_panel){x.at, x.columns, x.rows}; }

/* A straight operand from another row and column on. */
static rs_panel NAME(moved)(rs_panel x, int64_t row, int64_t column) {
  return (rs_panel){(ELEMENT *)x.at + row * stride_of(x.rows) + column * stride_of(x.columns), x.rows, x.columns};
}

#ifdef BITS
#include "sparse.h"
#endif

void NAME(rs_contract)(rs_range rows, rs_range columns, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int straight = a.rows.nested <= 1 && a.columns.nested <= 1 && b.rows.nested <= 1 && b.columns.nested <= 1;
  /* the transpose of the product is the product of the transposes, and columns are what vectors run along */
  if ((stride_of(c.columns) != 1 && stride_of(c.rows) == 1) ||
      (size_of(columns) < NAME(lanes) && size_of(rows) > size_of(columns))) {
    const rs_panel left = a;
    const rs_range down = rows;
    a = NAME(turned)(b), b = NAME(turned)(left), c = NAME(turned)(c);
    rows = columns, columns = down;
  }
  const int64_t high = size_of(rows), wide = size_of(columns);
  if (high <= 0 || wide <= 0) return;
  const int direct = straight && high <= direct_rows && stride_of(b.columns) == 1 && stride_of(c.columns) == 1;
#ifdef BITS
  if (straight && NAME(sparse)(high, wide, depth, NAME(moved)(a, rows.from, 0), NAME(moved)(b, 0, columns.from),
                               NAME(moved)(c, rows.from, columns.from)))
    return;
#endif
  if (depth > 0 && !direct && (!straight || high * wide * depth > small_work)) {
    NAME(blocked)(rows, columns, depth, a, b, c);
    return;
  }
  a = NAME(moved)(a, rows.from, 0), b = NAME(moved)(b, 0, columns.from), c = NAME(moved)(c, rows.from, columns.from);
  NAME(plain)(high, direct ? NAME(direct)(high, wide, depth, a, b, c) : 0, wide, depth, a, b, c);
}

#endif
