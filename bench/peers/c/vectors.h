/* As many floats as a register holds: sixteen with AVX-512, eight with AVX, else four. */
#pragma once

#include <stdint.h>
#include <string.h>
#ifdef __AVX__
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
enum { lanes = 16, registers = 32 };
#elif defined(__AVX__)
enum { lanes = 8, registers = 16 };
#else
enum { lanes = 4, registers = 16 };
#endif
typedef float vector __attribute__((vector_size(4 * lanes), aligned(4), may_alias));
typedef int32_t whole __attribute__((vector_size(4 * lanes), aligned(4), may_alias));
typedef uint32_t bits __attribute__((vector_size(4 * lanes), aligned(4), may_alias));

static inline vector load(const float *from) { return *(const vector *)from; }
static inline void store(float *to, vector x) { *(vector *)to = x; }
static inline vector all(float x) { return (vector){0} + x; }

/* stream: past the caches, where `to` is aligned; what is written is not read first, and drives nothing out. */
#if defined(__AVX512F__)
static inline void stream(float *to, vector x) { _mm512_stream_ps(to, (__m512)x); }
static inline vector larger(vector x, vector y) { return (vector)_mm512_max_ps((__m512)x, (__m512)y); }
static inline vector smaller(vector x, vector y) { return (vector)_mm512_min_ps((__m512)x, (__m512)y); }
#elif defined(__AVX__)
static inline void stream(float *to, vector x) { _mm256_stream_ps(to, (__m256)x); }
static inline vector larger(vector x, vector y) { return (vector)_mm256_max_ps((__m256)x, (__m256)y); }
static inline vector smaller(vector x, vector y) { return (vector)_mm256_min_ps((__m256)x, (__m256)y); }
#else
static inline vector choose(whole condition, vector yes, vector no) {
  return (vector)((condition & (whole)yes) | (~condition & (whole)no));
}
static inline void stream(float *to, vector x) { store(to, x); }
static inline vector larger(vector x, vector y) { return choose(x > y, x, y); }
static inline vector smaller(vector x, vector y) { return choose(x < y, x, y); }
#endif

static inline float sum_of(vector x) {
  float sum = 0;
  for (int i = 0; i < lanes; i++) sum += x[i];
  return sum;
}

static inline float largest_of(vector x) {
  float most = x[0];
  for (int i = 1; i < lanes; i++) most = x[i] > most ? x[i] : most;
  return most;
}

/* exp(x) = 2^n exp(r) with r = x - n log 2 and |r| <= log(2) / 2, where Taylor's sum of degree 7 is exact to a rounding. */
static inline vector exponential(vector x) {
  x = larger(smaller(x, all(88)), all(-87));
  /* n + 127, the exponent of 2^n: rounded by cutting off what is behind the point, since it is positive */
  const whole exponent = __builtin_convertvector(x * 0x1.715476p0f + 127.5f, whole);
  const vector n = __builtin_convertvector(exponent - 127, vector);
  const vector r = x - n * 0x1.62e43p-1f;
  const vector tail = ((((r / 5040 + 1.0f / 720) * r + 1.0f / 120) * r + 1.0f / 24) * r + 1.0f / 6) * r + 0.5f;
  return ((tail * r + 1) * r + 1) * (vector)(exponent << 23);
}

static inline vector hyperbolic_tangent(vector x) { return 1 - 2 / (exponential(x + x) + 1); }

/* exp of each, in place. */
static inline void exponentials(float *x, long count) {
  long i = 0;
  for (; i + lanes <= count; i += lanes) store(x + i, exponential(load(x + i)));
  vector rest = {0};
  memcpy(&rest, x + i, (size_t)(count - i) * sizeof *x);
  rest = exponential(rest);
  memcpy(x + i, &rest, (size_t)(count - i) * sizeof *x);
}
