/* Packing of operands for one element type; part of contract.c. Whatever the steps of an operand, tiles read it in order:
 * of a, panels of tile_rows rows, of b, slivers of two vectors of columns, both along the depth. Windows of a convolution
 * are packed straight from its input, or not at all. */

/* to[l * stride + i] = from[i * row + l * column] for i < count, l < depth. */
static void NAME(interleave)(int64_t count, int64_t depth, const ELEMENT *from, int64_t row, int64_t column, ELEMENT *to,
                             int64_t stride) {
  if (row == 1 && count >= 4) {
    for (int64_t l = 0; l < depth; l++)
      for (int64_t i = 0; i < count; i += 4) {
        const int64_t at = least(i, count - 4); /* the last four may overlap those before */
        *(NAME(four) *)(to + l * stride + at) = *(const NAME(four) *)(from + l * column + at);
      }
    return;
  }
  int64_t i = 0;
  for (; column == 1 && count >= 4 && i < count; i += 4) {
    i = least(i, count - 4);
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
