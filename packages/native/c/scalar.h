/* Scalar operations of the loop IR that C does not have with the same meaning. All are branchless, so that the compiler
 * can run them on whole vectors. Signed integers wrap (-fwrapv), products and sums are rounded one by one. */
#ifndef ROOTSTOCK_SCALAR_H
#define ROOTSTOCK_SCALAR_H

#include <stdint.h>

#define INLINE static inline __attribute__((always_inline))

/* Before a loop whose iterations do not depend on each other's memory: it can run on vectors without looking whether buffers
 * overlap. */
#if defined(__clang__)
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define INDEPENDENT _Pragma("GCC ivdep")
#endif

/* Before a loop over lanes of 32 bits, which fill one register of 512. GCC would unroll it before it looks for vectors, and then at
 * times finds sixteen numbers only. Lanes that take several registers it finds more often when they are unrolled. */
#if defined(__AVX512F__) && !defined(__clang__)
#define LANEWISE _Pragma("GCC unroll 1")
#else
#define LANEWISE
#endif

INLINE int32_t bits_f(float x) {
  int32_t bits;
  __builtin_memcpy(&bits, &x, 4);
  return bits;
}
INLINE float float_of(int32_t bits) {
  float x;
  __builtin_memcpy(&x, &bits, 4);
  return x;
}
INLINE int64_t bits_d(double x) {
  int64_t bits;
  __builtin_memcpy(&bits, &x, 8);
  return bits;
}
INLINE double double_of(int64_t bits) {
  double x;
  __builtin_memcpy(&x, &bits, 8);
  return x;
}

/* NaN if either is NaN (their sum is one), -0 < 0 (of equals, bits are joined) */
INLINE float min_f(float a, float b) {
  const float strict = a < b ? a : b;
  const float joined = float_of(bits_f(a) | bits_f(b));
  const float ordered = a == b ? joined : strict;
  return ((a != a) | (b != b)) ? a + b : ordered;
}
INLINE float max_f(float a, float b) {
  const float strict = a > b ? a : b;
  const float joined = float_of(bits_f(a) & bits_f(b));
  const float ordered = a == b ? joined : strict;
  return ((a != a) | (b != b)) ? a + b : ordered;
}
INLINE double min_d(double a, double b) {
  const double strict = a < b ? a : b;
  const double joined = double_of(bits_d(a) | bits_d(b));
  const double ordered = a == b ? joined : strict;
  return ((a != a) | (b != b)) ? a + b : ordered;
}
INLINE double max_d(double a, double b) {
  const double strict = a > b ? a : b;
  const double joined = double_of(bits_d(a) & bits_d(b));
  const double ordered = a == b ? joined : strict;
  return ((a != a) | (b != b)) ? a + b : ordered;
}
/* the same beside a bound that is neither zero nor NaN */
INLINE float min_to_f(float x, float bound) { return bound < x ? bound : x; }
INLINE float max_to_f(float x, float bound) { return bound > x ? bound : x; }
INLINE double min_to_d(double x, double bound) { return bound < x ? bound : x; }
INLINE double max_to_d(double x, double bound) { return bound > x ? bound : x; }
INLINE int32_t min_i(int32_t a, int32_t b) { return a < b ? a : b; }
INLINE int32_t max_i(int32_t a, int32_t b) { return a > b ? a : b; }

/* The largest of floats from their bits: the largest as signed integers, the least and the most as unsigned ones. A sign
 * makes the first negative only where all have it; NaNs are beyond the infinities. */
INLINE float largest_f(int32_t largest, uint32_t least, uint32_t most) {
  if (largest > 0x7f800000 || most > 0xff800000u) return __builtin_nanf("");
  return float_of(largest < 0 ? (int32_t)least : largest);
}
INLINE double largest_d(int64_t largest, uint64_t least, uint64_t most) {
  if (largest > INT64_C(0x7ff0000000000000) || most > UINT64_C(0xfff0000000000000)) return __builtin_nan("");
  return double_of(largest < 0 ? (int64_t)least : largest);
}

INLINE int32_t abs_i(int32_t x) { return x < 0 ? -x : x; }

/* A choice by bits, for which both values are loaded: of `c ? x[i] : y` gcc 12 makes masked loads, and wrong ones where the
 * index falls or the loop is short. It does so too where the values have been computed before. */
INLINE int32_t pick_i(int32_t condition, int32_t then, int32_t otherwise) {
  return (then & -condition) | (otherwise & ~-condition);
}
INLINE float pick_f(int32_t condition, float then, float otherwise) {
  return float_of(pick_i(condition, bits_f(then), bits_f(otherwise)));
}
INLINE double pick_d(int32_t condition, double then, double otherwise) {
  const int64_t mask = -(int64_t)condition;
  return double_of((bits_d(then) & mask) | (bits_d(otherwise) & ~mask));
}

/* x / 0 = 0, and the one quotient that does not fit wraps */
INLINE int32_t div_i(int32_t a, int32_t b) { return b == 0 ? 0 : b == -1 ? -a : a / b; }
INLINE int32_t rem_i(int32_t a, int32_t b) { return b == 0 || b == -1 ? 0 : a % b; }
INLINE int32_t shl_i(int32_t a, int32_t b) { return (int32_t)((uint32_t)a << (b & 31)); }
INLINE int32_t shr_i(int32_t a, int32_t b) { return (int32_t)((uint32_t)a >> (b & 31)); }
/* 0 < by < 32; gcc 12 puts rotations on vectors when they are of unsigned words only */
INLINE int32_t rotate_i(int32_t a, int32_t by) {
  const uint32_t word = (uint32_t)a;
  return (int32_t)(word << by | word >> (32 - by));
}

/* toward zero, saturating, NaN -> 0 */
INLINE int32_t int_of_f(float x) {
  const float inside = x >= -2147483648.0f && x < 2147483648.0f ? x : 0.0f;
  const int32_t whole = (int32_t)inside;
  return x >= 2147483648.0f ? INT32_MAX : x < -2147483648.0f ? INT32_MIN : whole;
}
INLINE int32_t int_of_d(double x) {
  const double inside = x > -2147483649.0 && x < 2147483648.0 ? x : 0.0;
  const int32_t whole = (int32_t)inside;
  return x >= 2147483648.0 ? INT32_MAX : x <= -2147483649.0 ? INT32_MIN : whole;
}

/* the same for what is NaN or fits */
INLINE int32_t near_int_of_f(float x) { return x == x ? (int32_t)x : 0; }
INLINE int32_t near_int_of_d(double x) { return x == x ? (int32_t)x : 0; }

INLINE float significand_f(float x) { return float_of((bits_f(x) & 0x7fffff) | 0x3f800000); }
INLINE double significand_d(double x) {
  return double_of((bits_d(x) & INT64_C(0xfffffffffffff)) | INT64_C(0x3ff0000000000000));
}
INLINE int32_t exponent_f(float x) { return (bits_f(x) >> 23) - 127; }
INLINE int32_t exponent_d(double x) { return (int32_t)((bits_d(x) >> 52) - 1023); }
/* the sum has a whole k in its last bits, biased as exponents are */
INLINE float pow2_f(float k) { return float_of((int32_t)((uint32_t)bits_f(k + 12583039.0f) << 23)); }
INLINE double pow2_d(double k) {
  return double_of((int64_t)((uint64_t)bits_d(k + 6755399441056767.0) << 52));
}

/* Accumulators of a reduction in lanes, sixteen of them, and how they fold: halves are combined until one is left. */
#if defined(__has_builtin)
#if __has_builtin(__builtin_shufflevector)
#define FOLD(name, lanes, type, op)                                                                              \
  INLINE type name(lanes a) {                                                                                    \
    typedef type half __attribute__((vector_size(8 * sizeof(type))));                                            \
    typedef type quarter __attribute__((vector_size(4 * sizeof(type))));                                         \
    const half b = __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7)                                         \
        op __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15);                                          \
    const quarter c = __builtin_shufflevector(b, b, 0, 1, 2, 3) op __builtin_shufflevector(b, b, 4, 5, 6, 7);     \
    return (c[0] op c[2]) op (c[1] op c[3]);                                                                     \
  }
#endif
#endif
#if !defined(FOLD)
#define FOLD(name, lanes, type, op)                          \
  INLINE type name(lanes a) {                                \
    for (int w = 8; w >= 1; w /= 2)                          \
      for (int j = 0; j < w; j++) a[j] = a[j] op a[j + w];   \
    return a[0];                                             \
  }
#endif
#define LANES(letter, type)                                                                               \
  typedef type lanes_##letter __attribute__((vector_size(16 * sizeof(type)), aligned(sizeof(type)), may_alias)); \
  FOLD(fold_add_##letter, lanes_##letter, type, +)                                                        \
  FOLD(fold_mul_##letter, lanes_##letter, type, *)
LANES(f, float)
LANES(d, double)
LANES(i, int32_t)

/* Stores past the caches, of whole lines from and to where one begins. Others see them once `end_sending` is done. */
typedef int64_t line_of __attribute__((vector_size(64), may_alias));
INLINE int begins_line(const void *at) { return (uintptr_t)at % 64 == 0; }
INLINE void send_lines(void *to, const void *from, unsigned long bytes) {
  for (unsigned long i = 0; i < bytes; i += 64) {
    char *const target = (char *)to + i;
    const char *const source = (const char *)from + i;
#if defined(__clang__)
    __builtin_nontemporal_store(*(const line_of *)source, (line_of *)target);
#elif defined(__AVX512F__)
    typedef long long wide __attribute__((vector_size(64), may_alias));
    __builtin_ia32_movntdq512((wide *)target, *(const wide *)source);
#elif defined(__AVX__)
    typedef long long wide __attribute__((vector_size(32), may_alias));
    for (int k = 0; k < 64; k += 32) __builtin_ia32_movntdq256((wide *)(target + k), *(const wide *)(source + k));
#elif defined(__SSE__)
    typedef float wide __attribute__((vector_size(16), may_alias));
    for (int k = 0; k < 64; k += 16) __builtin_ia32_movntps((float *)(target + k), *(const wide *)(source + k));
#else
    __builtin_memcpy(target, source, 64);
#endif
  }
}
INLINE void end_sending(void) {
#if defined(__SSE__)
  __builtin_ia32_sfence();
#elif defined(__clang__) && defined(__aarch64__)
  __asm__ volatile("dmb ish" ::: "memory");
#endif
}

#endif
