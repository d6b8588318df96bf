/* Products that pass over zeros, for one element type; part of contract.c. Half of all values are zeros after ReLU, dropout
 * or masking noise, most of those of images, codes and words. Each row of a becomes a list of its other elements, and eight
 * vectors of accumulators take their products with rows of b.
 *
 * Bits are those of the tile. An element's products keep their order; those left out are zeros as long as b is finite, and
 * adding a zero changes no sum other than -0. Sums begin with +0 and become -0 only where fused products are too small for any
 * other number: elements that end so are computed again with every product. */

/* A panel of b has so many columns and such a depth that it fits the first cache. */
enum {
  NAME(panel_slivers) = 4,
  NAME(panel_columns) = NAME(panel_slivers) * NAME(tile_columns),
  NAME(panel_depth) = 32 * 1024 / (NAME(panel_slivers) * 2 * vector_bytes),
};

typedef BITS NAME(bits) __attribute__((vector_size(vector_bytes), aligned(sizeof(ELEMENT)), may_alias));

/* An element other than zero, and where its row of b is in a sliver. */
typedef struct {
  ELEMENT value;
  BITS at;
} NAME(entry);

/* The lists of a block of a, for each row and panel along the depth, and a part of c that does not lie in rows. */
typedef struct {
  NAME(entry) entries[list_rows][list_parts][NAME(panel_depth) + list_gap];
  int64_t lengths[list_rows][list_parts];
  ELEMENT c[list_rows][NAME(panel_columns)];
} NAME(lists);

/* Rows i .. i + rows and columns j .. j + columns, along l .. l + depth in parts for panels. */
typedef struct {
  int64_t i, rows, j, columns, l, depth, part;
} NAME(block);

/* Writes the elements of a row other than zero, and up to list_gap elements after them; how many. */
static int64_t NAME(list)(const ELEMENT *row, int64_t depth, NAME(entry) *to) {
  int64_t length = 0, l = 0;
#if defined(__AVX512F__)
  /* sixteen at a time, which are moved together, then put side by side with their places */
  const __m512i number = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i low = _mm512_set_epi32(23, 7, 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
  const __m512i high = _mm512_add_epi32(low, _mm512_set1_epi32(8)), width = _mm512_set1_epi32(NAME(tile_columns));
  for (; sizeof(ELEMENT) == 4 && l + 16 <= depth; l += 16) {
    const __m512i x = _mm512_loadu_si512(row + l);
    const __m512i at = _mm512_mullo_epi32(_mm512_add_epi32(number, _mm512_set1_epi32((int)l)), width);
    const __mmask16 some = _mm512_test_epi32_mask(x, _mm512_set1_epi32(0x7fffffff));
    const __m512i values = _mm512_maskz_compress_epi32(some, x), places = _mm512_maskz_compress_epi32(some, at);
    _mm512_storeu_si512(to + length, _mm512_permutex2var_epi32(values, low, places));
    _mm512_storeu_si512(to + length + 8, _mm512_permutex2var_epi32(values, high, places));
    length += __builtin_popcount(some);
  }
#endif
  for (; l < depth; l++) {
    to[length] = (NAME(entry)){row[l], (BITS)(l * NAME(tile_columns))};
    length += row[l] != 0;
  }
  return length;
}

static void NAME(make_lists)(NAME(block) at, rs_panel a, NAME(lists) *lists) {
  enum { together = 16 };
  ELEMENT turned[together * sparse_depth];
  const int64_t across = stride_of(a.rows), along = stride_of(a.columns);
  for (int64_t i = 0; i < at.rows; i += together) {
    const int64_t rows = least(together, at.rows - i);
    const ELEMENT *const first = (const ELEMENT *)a.at + (at.i + i) * across + at.l * along;
    if (along != 1) NAME(interleave)(at.depth, rows, first, along, across, turned, at.depth);
    for (int64_t r = 0; r < rows; r++) {
      const ELEMENT *const row = along == 1 ? first + r * across : turned + r * at.depth;
      for (int64_t p = 0, l = 0; l < at.depth; p++, l += at.part)
        lists->lengths[i + r][p] = NAME(list)(row + l, least(at.part, at.depth - l), lists->entries[i + r][p]);
    }
  }
}

/* Some slivers of a row of c, from 0 or from what they are. */
static inline __attribute__((always_inline)) void NAME(sum)(const int slivers, const NAME(entry) *list, int64_t length,
                                                            const ELEMENT *b, int64_t sliver, ELEMENT *c, int first) {
  NAME(vector) sum[2 * NAME(panel_slivers)];
  UNROLLED for (int j = 0; j < 2 * slivers; j++) sum[j] = first ? (NAME(vector)){0} : ((const NAME(vector) *)c)[j];
  for (int64_t k = 0; k < length; k++) {
    const ELEMENT value = list[k].value, *const row = b + list[k].at;
    UNROLLED for (int s = 0; s < slivers; s++)
      UNROLLED for (int j = 0; j < 2; j++) sum[2 * s + j] += value * ((const NAME(vector) *)(row + s * sliver))[j];
  }
  UNROLLED for (int j = 0; j < 2 * slivers; j++) ((NAME(vector) *)c)[j] = sum[j];
}
static void NAME(sums)(int64_t slivers, const NAME(entry) *list, int64_t length, const ELEMENT *b, int64_t sliver, ELEMENT *c,
                       int first) {
  switch (slivers) {
    case 1: NAME(sum)(1, list, length, b, sliver, c, first); break;
    case 2: NAME(sum)(2, list, length, b, sliver, c, first); break;
    case 3: NAME(sum)(3, list, length, b, sliver, c, first); break;
    default: NAME(sum)(NAME(panel_slivers), list, length, b, sliver, c, first);
  }
}

/* Computes the elements of a row of c that are -0 again. */
static void NAME(settle)(int64_t i, int64_t j, int64_t columns, int64_t depth, rs_panel a, rs_panel b, ELEMENT *c) {
  const BITS sign = (BITS)((uint64_t)1 << (8 * sizeof(BITS) - 1));
  const int64_t along_a = stride_of(a.columns), along_b = stride_of(b.rows);
  int64_t k = 0;
  for (; k + NAME(lanes) <= columns; k += NAME(lanes)) { /* nearly always to the end */
    const NAME(bits) found = *(const NAME(bits) *)(c + k) == sign;
    BITS any = 0;
    for (int v = 0; v < NAME(lanes); v++) any |= found[v];
    if (any) break;
  }
  for (; k < columns; k++) {
    if (c[k] != 0 || !signbit(c[k])) continue;
    const ELEMENT *const x = (const ELEMENT *)a.at + i * stride_of(a.rows);
    const ELEMENT *const y = (const ELEMENT *)b.at + (j + k) * stride_of(b.columns);
    ELEMENT sum = 0;
    for (int64_t l = 0; l < depth; l++) sum = FUSED(x[l * along_a], y[l * along_b], sum);
    c[k] = sum;
  }
}

/* A block of up to panel_columns columns, from one of those that are `packed`; those of the next part are `next` further. */
static void NAME(skip_block)(NAME(block) at, int64_t depth, rs_panel a, rs_panel b, rs_panel c, const ELEMENT *packed,
                             int64_t from, int64_t next, NAME(lists) *lists) {
  const int64_t row = stride_of(c.rows), column = stride_of(c.columns), slivers = pieces(at.columns, NAME(tile_columns));
  ELEMENT *const place = (ELEMENT *)c.at + at.i * row + at.j * column;
  const int lies = column == 1 && at.columns == slivers * NAME(tile_columns);
  ELEMENT *const sums = lies ? place : lists->c[0];
  const int64_t stride = lies ? row : NAME(panel_columns);
  if (!lies && at.l > 0) NAME(interleave)(at.columns, at.rows, place, column, row, sums, stride);
  for (int64_t p = 0, l = 0; l < at.depth; p++, l += at.part, packed += next) {
    const int64_t depth_of = least(at.part, at.depth - l);
    for (int64_t r = 0; r < at.rows; r++)
      NAME(sums)(slivers, lists->entries[r][p], lists->lengths[r][p], packed + from * depth_of,
                 NAME(tile_columns) * depth_of, sums + r * stride, at.l + l == 0);
  }
  for (int64_t r = 0; fused && at.l + at.depth == depth && r < at.rows; r++)
    NAME(settle)(at.i + r, at.j, at.columns, depth, a, b, sums + r * stride);
  if (!lies && row != 1) NAME(interleave)(at.columns, at.rows, sums, 1, stride, place, row);
  else if (!lies) /* four at a time, since rows are far apart */
    for (int64_t k = 0; k < at.columns; k += 4)
      NAME(interleave)(at.rows, least(4, at.columns - k), sums + k, stride, 1, place + k * column, column);
}

/* True when all are finite: x - x is 0 then, else NaN. */
static int NAME(finite)(const ELEMENT *x, int64_t count) {
  NAME(vector) sum = {0};
  for (int64_t i = 0; i < count; i += NAME(lanes)) {
    const NAME(vector) next = *(const NAME(vector) *)(x + i);
    sum += next - next;
  }
  int all = 1;
  for (int i = 0; i < NAME(lanes); i++) all &= sum[i] == 0;
  return all;
}

/* c = a b, where a has many zeros. */
static void NAME(skip)(int64_t high, int64_t wide, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  const int64_t deep = pieces(depth, pieces(depth, sparse_depth)), broad = least(wide, sparse_columns);
  const int64_t part = pieces(deep, pieces(deep, NAME(panel_depth)));
  for (int64_t j = 0; j < wide; j += broad) {
    const int64_t width = least(broad, wide - j), slivers = pieces(width, NAME(tile_columns));
    const int64_t next = slivers * NAME(tile_columns) * part;
    rs_scratch *const own = rs_own_scratch();
    NAME(lists) *const lists = reserve(&own[0], sizeof(NAME(lists)));
    ELEMENT *const packed = reserve(&own[1], (size_t)(slivers * NAME(tile_columns) * deep) * sizeof(ELEMENT));
    for (int64_t l = 0; l < depth; l += deep) {
      const int64_t to = least(depth, l + deep);
      for (int64_t p = l; p < to; p += part)
        NAME(pack_b)(j, width, p, least(part, to - p), b, packed + (p - l) / part * next);
      if (!NAME(finite)(packed, slivers * NAME(tile_columns) * (to - l))) {
        NAME(blocked)((rs_range){0, high}, (rs_range){j, j + width}, depth, a, b, c);
        break;
      }
      for (int64_t i = 0; i < high; i += list_rows) {
        NAME(block) at = {i, least(list_rows, high - i), j, 0, l, to - l, part};
        NAME(make_lists)(at, a, lists);
        for (int64_t s = 0; s < width; s += NAME(panel_columns)) {
          at.j = j + s, at.columns = least(NAME(panel_columns), width - s);
          NAME(skip_block)(at, depth, a, b, c, packed, s, next, lists);
        }
      }
    }
  }
}

/* Zeros among samples from all over an operand; none if the first few have hardly any. */
static int64_t NAME(zeros)(const ELEMENT *x, int64_t across, int64_t along, int64_t extent, int64_t depth) {
  int64_t found = 0;
  for (int64_t k = 0, i = 0, l = 0; k < samples; k++) {
    if (k == samples / 4 && found < samples / 16) return 0;
    found += x[i * across + l * along] == 0;
    /* some 0.6 and 0.4 of the extents further, around the end: together they get everywhere */
    i += extent * 39 / 64 | 1, l += depth * 27 / 64 | 1;
    i -= i >= extent ? extent : 0, l -= l >= depth ? depth : 0;
  }
  return found;
}

/* c = a b if enough of a or of b is zeros; whether it is. */
static int NAME(sparse)(int64_t high, int64_t wide, int64_t depth, rs_panel a, rs_panel b, rs_panel c) {
  if (least(least(high, wide), depth) < least_sparse || high * wide * depth < sparse_work) return 0;
  const int64_t of_a = NAME(zeros)(a.at, stride_of(a.rows), stride_of(a.columns), high, depth);
  const int64_t of_b = NAME(zeros)(b.at, stride_of(b.columns), stride_of(b.rows), wide, depth);
  if (of_a >= enough_of_a && of_a + enough_of_b - enough_of_a >= of_b) NAME(skip)(high, wide, depth, a, b, c);
  else if (of_b >= enough_of_b) NAME(skip)(wide, high, depth, NAME(turned)(b), NAME(turned)(a), NAME(turned)(c));
  else return 0;
  return 1;
}
