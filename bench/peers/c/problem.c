#define _GNU_SOURCE
#include "problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void fail(const char *what, const char *which) {
  fprintf(stderr, "Error: %s %s\n", what, which);
  exit(1);
}

void require(int condition, const char *what) {
  if (!condition) fail("the program needs", what);
}

static const char *find(const char *text, const char *wanted) {
  const char *at = strstr(text, wanted);
  if (at == NULL) fail("the problem does not say", wanted);
  return at + strlen(wanted);
}

problem read_problem(const char *file) {
  FILE *source = fopen(file, "rb");
  if (source == NULL) fail("cannot read", file);
  fseek(source, 0, SEEK_END);
  const long size = ftell(source);
  rewind(source);
  char *bytes = malloc((size_t)size);
  uint64_t length;
  if (bytes == NULL || fread(bytes, 1, (size_t)size, source) != (size_t)size) fail("cannot read", file);
  fclose(source);
  memcpy(&length, bytes, sizeof length);
  char *header = strndup(bytes + sizeof length, length);
  problem found = {header, bytes + sizeof length + length, 0};
  found.batches = atoi(find(header, "\"batches\":\""));
  return found;
}

float *allocate(long count) {
  static const size_t space = (size_t)4 << 30, page = 4096, huge = 2 << 20, line = 64;
  static char *at = NULL, *end;
  if (at == NULL) {
    char *start = mmap(NULL, space, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start == MAP_FAILED) fail("no room for", "arrays");
    at = start + (huge - (uintptr_t)start % huge);
    end = start + space;
#ifdef MADV_HUGEPAGE
    madvise(at, space - huge, MADV_HUGEPAGE);
#endif
  }
  /* neighbours that are read together should not ask for the same lines of a cache */
  const size_t bytes = ((size_t)count * sizeof(float) + page - 1) / page * page + 5 * line;
  if (bytes > (size_t)(end - at)) fail("no room for", "an array");
  float *found = (float *)at;
  at += bytes;
  return found;
}

/* The elements of an array; each of float32 and int32 has four bytes. */
static const char *elements_of(const problem *from, const char *name, long *count) {
  char key[80];
  snprintf(key, sizeof key, "\"%s\":{", name);
  const char *offsets = find(find(from->header, key), "\"data_offsets\":[");
  char *rest;
  const long start = strtol(offsets, &rest, 10), end = strtol(rest + 1, NULL, 10);
  *count = (end - start) / 4;
  return from->elements + start;
}

long array_length(const problem *from, const char *name) {
  long count;
  elements_of(from, name, &count);
  return count;
}

static void *copy(const problem *from, int pad, const char *name, va_list rest) {
  char full[64];
  long count;
  vsnprintf(full, sizeof full, name, rest);
  const char *elements = elements_of(from, full, &count);
  return memcpy(allocate(count + pad), elements, 4 * (size_t)count);
}

float *copy_array(const problem *from, int pad, const char *name, ...) {
  va_list rest;
  va_start(rest, name);
  float *found = copy(from, pad, name, rest);
  va_end(rest);
  return found;
}

int32_t *copy_codes(const problem *from, const char *name, ...) {
  va_list rest;
  va_start(rest, name);
  int32_t *found = copy(from, 0, name, rest);
  va_end(rest);
  return found;
}

/* The spec is JSON in a string of JSON. */
static const char *spec_value(const problem *from, const char *key) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\\\"%s\\\":", key);
  const char *at = strstr(from->header, quoted);
  return at == NULL ? NULL : at + strlen(quoted);
}

double spec_number(const problem *from, const char *key) {
  const char *value = spec_value(from, key);
  if (value == NULL) fail("the spec does not say", key);
  return strtod(value, NULL);
}

int spec_is(const problem *from, const char *key, const char *value) {
  char quoted[64];
  snprintf(quoted, sizeof quoted, "\\\"%s\\\"", value);
  const char *found = spec_value(from, key);
  return found != NULL && strncmp(found, quoted, strlen(quoted)) == 0;
}

int spec_has(const problem *from, const char *key) { return spec_value(from, key) != NULL; }

int spec_list(const problem *from, const char *key, int most, int *to) {
  const char *value = spec_value(from, key);
  if (value == NULL) fail("the spec does not say", key);
  int count = 0;
  for (char *rest = (char *)value; *rest != ']' && count < most; count++) to[count] = (int)strtol(rest + 1, &rest, 10);
  return count;
}
