/* Packing of operands for one element type; part of contract.c. Whatever the steps of an operand, tiles read it in order:
 * of a, panels of tile_rows rows, of b, slivers of two vectors of columns, both along the depth. Windows of a convolution
 * are packed straight from its input, or not at all. */

/* to[l * stride + i] = from[i * row + l] for i and l < 4. */
static inline __attribute__((always_inline)) void NAME(turn_four)(const ELEMENT *from, int64_t row, ELEMENT *to,
                                                                  int64_t stride) {
  NAME(four) x[4], y[4];
  UNROLLED for (int i = 0; i < 4; i++) x[i] = *(const NAME(four) *)(from + i * row);
  UNROLLED for (int i = 0; i < 4; i += 2) {
    y[i] = __builtin_shufflevector(x[i], x[i + 1], 0, 4, 1, 5);
    y[i + 1] = __builtin_shufflevector(x[i], x[i + 1], 2, 6, 3, 7);
  }
  UNROLLED for (int i = 0; i < 2; i++) {
    *(NAME(four) *)(to + 2 * i * stride) = __builtin_shufflevector(y[i], y[i + 2], 0, 1, 4, 5);
    *(NAME(four) *)(to + (2 * i + 1) * stride) = __builtin_shufflevector(y[i], y[i + 2], 2, 3, 6, 7);
  }
}

/* The same for i and l < 8, in shuffles that stay within 16 bytes of float32 but for the last. */
static inline __attribute__((always_inline)) void NAME(turn_eight)(const ELEMENT *from, int64_t row, ELEMENT *to,
                                                                  int64_t stride) {
  NAME(eight) x[8], y[8];
  UNROLLED for (int i = 0; i < 8; i++) x[i] = *(const NAME(eight) *)(from + i * row);
  UNROLLED for (int i = 0; i < 8; i += 2) {
    y[i] = __builtin_shufflevector(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    y[i + 1] = __builtin_shufflevector(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLLED for (int i = 0; i < 8; i += 4) UNROLLED for (int k = 0; k < 2; k++) {
    x[i + 2 * k] = __builtin_shufflevector(y[i + k], y[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
    x[i + 2 * k + 1] = __builtin_shufflevector(y[i + k], y[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
  }
  UNROLLED for (int i = 0; i < 4; i++) {
    *(NAME(eight) *)(to + i * stride) = __builtin_shufflevector(x[i], x[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    *(NAME(eight) *)(to + (i + 4) * stride) = __builtin_shufflevector(x[i], x[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

/* to[l * stride + i] = from[i * row + l * column] for i < count, l < depth. Four at a time, or eight that fit a vector; the last
 * may overlap those before. */
static void NAME(interleave)(int64_t count, int64_t depth, const ELEMENT *from, int64_t row, int64_t column, ELEMENT *to,
                             int64_t stride) {
  const int64_t size = count >= 8 && NAME(lanes) >= 8 ? 8 : 4;
  if (row == 1 && count >= size) {
    for (int64_t l = 0; l < depth; l++)
      for (int64_t i = 0; i < count; i += size) {
        const int64_t at = least(i, count - size);
        if (size == 8) *(NAME(eight) *)(to + l * stride + at) = *(const NAME(eight) *)(from + l * column + at);
        else *(NAME(four) *)(to + l * stride + at) = *(const NAME(four) *)(from + l * column + at);
      }
    return;
  }
  int64_t i = 0;
  for (; column == 1 && count >= size && i < count; i += size) {
    i = least(i, count - size);
    const ELEMENT *rows = from + i * row;
    int64_t l = 0;
    for (; l + size <= depth; l += size)
      if (size == 8) NAME(turn_eight)(rows + l, row, to + l * stride + i, stride);
      else NAME(turn_four)(rows + l, row, to + l * stride + i, stride);
    for (; l < depth; l++)
      for (int64_t k = 0; k < size; k++) to[l * stride + i + k] = rows[k * row + l];
  }
  for (; i < count; i++)
    for (int64_t l = 0; l < depth; l++) to[l * stride + i] = from[i * row + l * column];
}

/* Packs elements i .. i + count of one axis and l .. l + depth of the other as `interleave` does, straight run by run. */
static void NAME(gather)(rs_walk across, int64_t i, int64_t count, rs_walk along, int64_t l, int64_t depth,
                         const ELEMENT *from, ELEMENT *to, int64_t stride) {
  for (int64_t done = 0, length; done < depth; done += length) {
    length = least(depth - done, run_from(along, l + done));
    const ELEMENT *const start = from + position(along, l + done);
    for (int64_t placed = 0, width; placed < count; placed += width) {
      width = least(count - placed, run_from(across, i + placed));
      NAME(interleave)(width, length, start + position(across, i + placed), stride_of(across), stride_of(along),
                       to + done * stride + placed, stride);
    }
  }
}

/* The same for `count` whole slivers of b from column j on, neighbours in each row. */
static void NAME(pack_rows)(int64_t count, int64_t j, int64_t l, int64_t depth, rs_panel b, ELEMENT *packed) {
  const ELEMENT *const first = (const ELEMENT *)b.at + position(b.columns, j);
  for (int64_t done = 0, length; done < depth; done += length) {
    length = least(depth - done, run_from(b.rows, l + done));
    const ELEMENT *from = first + position(b.rows, l + done);
    ELEMENT *to = packed + done * NAME(tile_columns);
    for (int64_t k = 0; k < length; k++, from += stride_of(b.rows), to += NAME(tile_columns))
      for (int64_t s = 0; s < count; s++)
        for (int v = 0; v < 2; v++)
          ((NAME(vector) *)(to + s * depth * NAME(tile_columns)))[v] =
              ((const NAME(vector) *)(from + s * NAME(tile_columns)))[v];
  }
}

/* Copies slivers of `columns` columns of b from column j on, l .. l + depth, padded to whole tiles; several together where they
 * are neighbours, since rows of b are far apart. */
static void NAME(pack_b)(int64_t j, int64_t columns, int64_t l, int64_t depth, rs_panel b, ELEMENT *packed) {
  for (int64_t done = 0, width; done < columns; done += width) {
    ELEMENT *const sliver = packed + done * depth;
    const int64_t near = stride_of(b.columns) == 1 ? least(columns - done, run_from(b.columns, j + done)) : 0;
    const int64_t whole = least(slivers_together, near / NAME(tile_columns));
    width = whole > 0 ? whole * NAME(tile_columns) : least(NAME(tile_columns), columns - done);
    if (whole > 0) NAME(pack_rows)(whole, j + done, l, depth, b, sliver);
    else {
      if (width < NAME(tile_columns)) memset(sliver, 0, (size_t)(NAME(tile_columns) * depth) * sizeof(ELEMENT));
      NAME(gather)(b.columns, j + done, width, b.rows, l, depth, b.at, sliver, NAME(tile_columns));
    }
  }
}

/* Rows as a tile can walk them where they lie: those of windows, or those used `once`, where they are neighbours or lie so far
 * apart that they do not compete for the same lines of a cache, in runs long enough to be worth their beginning. Nowhere if
 * they must be packed. */
static NAME(walk) NAME(in_place)(int64_t i, int64_t height, rs_panel a, const rs_run *runs, int64_t count, int64_t depth,
                                 int once) {
  const int64_t row = stride_of(a.rows), along = stride_of(a.columns);
  const int windows = a.rows.nested > 1 || a.columns.nested > 1;
  const int apart = along == 1 && height == tile_rows && row * (int64_t)sizeof(ELEMENT) % crowded != 0;
  if (!(windows || once) || !(row == 1 || apart) || height > run_from(a.rows, i) || count * shortest_run > depth)
    return (NAME(walk)){NULL, 0, 0, NULL, 0};
  return (NAME(walk)){(const ELEMENT *)a.at + position(a.rows, i), row, along, runs, count};
}
