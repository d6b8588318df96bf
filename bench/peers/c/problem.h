/* A problem's file, as src/problem.ts writes it: parameters and batches by name, and what the spec says. */
#pragma once

#include <stdint.h>

typedef struct {
  /* JSON, and the elements behind it. */
  const char *header, *elements;
  int batches;
} problem;

problem read_problem(const char *file);

/* Ends the process where the problem is not as the program needs it. */
void require(int condition, const char *what);

/* Zeros on large pages, from the start of a cache line; never freed, since a process runs one workload. */
float *allocate(long count);

/* A copy of `params.<name>` or `batches.<b>.<name>`, `pad` zeros behind it. Ends the process where there is none. */
float *copy_array(const problem *from, int pad, const char *name, ...);
/* The same, of int32. */
int32_t *copy_codes(const problem *from, const char *name, ...);

/* Elements of an array. */
long array_length(const problem *from, const char *name);

/* A number of the spec; ends the process where it does not say. */
double spec_number(const problem *from, const char *key);
/* Whether it says this text, or anything at all. */
int spec_is(const problem *from, const char *key, const char *value);
int spec_has(const problem *from, const char *key);
/* A list of numbers; returns how many, `most` at most. */
int spec_list(const problem *from, const char *key, int most, int *to);
