/*
 * The heap of the engine, and the part of it that comes with the executable. The build lets the engine load what most calls
 * need, keeps its heap as it is then, and links it in at the same address: a call finds all of it evaluated, and the kernel reads
 * the pages that the call touches. What is kept points to itself and to the executable, which is therefore linked to fixed
 * addresses; and to no memory of the C library, none of which is there yet when a call begins.
 */
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include "heap.h"

/* By the linker: zeros, as many as the executable that fills it has room for, or what that has kept for the one that is used. */
extern char heap[], heap_end[];

struct kept {
  JSContext *context;
  char *top;
};

/* Before each block is its size; both are multiples of this. */
enum { ALIGNMENT = 16 };

/* What is within this distance of the stack is an address in it: of a process that is long gone when it is read again. */
enum { STACK = 4 << 20 };

static int filling;

static struct kept *kept(void) { return (struct kept *)heap; }
static int within(const void *block) { return (const char *)block >= heap && (const char *)block < heap_end; }

static size_t *size_of(const void *block) { return (size_t *)((char *)block - ALIGNMENT); }
static char *end_of(const void *block) { return (char *)block + *size_of(block); }

/* What was taken and given back while it fills, by address. */
static struct unused {
  struct unused *next;
} *unused;

/* Makes one of a block and the next, where nothing lies between. */
static void join(struct unused *block) {
  if ((char *)block->next != end_of(block) + ALIGNMENT) return;
  *size_of(block) += ALIGNMENT + *size_of(block->next);
  block->next = block->next->next;
}

static void give(struct unused *block) {
  struct unused *before = NULL;
  for (struct unused *at = unused; at && at < block; at = at->next) before = at;
  block->next = before ? before->next : unused;
  *(before ? &before->next : &unused) = block;
  join(block);
  if (before) join(before);
}

static void *take(size_t size) {
  const size_t whole = size > ALIGNMENT ? (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1) : ALIGNMENT;
  for (struct unused **at = &unused; *at; at = &(*at)->next) {
    char *block = (char *)*at, *rest = block + whole + ALIGNMENT;
    if (*size_of(block) < whole) continue;
    *at = (*at)->next;
    if (end_of(block) >= rest + ALIGNMENT) {
      *size_of(rest) = end_of(block) - rest;
      *size_of(block) = whole;
      give((struct unused *)rest);
    }
    return memset(block, 0, whole);
  }
  char *block = kept()->top + ALIGNMENT;
  if (whole > (size_t)(heap_end - block)) return NULL;
  *size_of(block) = whole;
  kept()->top = block + whole;
  return block;
}

static size_t usable(const void *block) {
  return within(block) ? *size_of(block) : malloc_usable_size((void *)block);
}

static void *allocate(void *opaque, size_t size) {
  (void)opaque;
  return filling ? take(size) : malloc(size);
}

static void *clear(void *opaque, size_t count, size_t size) {
  (void)opaque;
  return filling ? take(count * size) : calloc(count, size);
}

/* What was kept stays where it is. */
static void release(void *opaque, void *block) {
  (void)opaque;
  if (!within(block)) free(block);
  else if (filling) give(block);
}

static void *resize(void *opaque, void *block, size_t size) {
  if (!block) return allocate(opaque, size);
  if (!within(block)) return realloc(block, size);
  void *other = allocate(opaque, size);
  if (!other) return NULL;
  memcpy(other, block, size < usable(block) ? size : usable(block));
  release(opaque, block);
  return other;
}

const JSMallocFunctions heap_functions = { clear, allocate, release, resize, usable };

JSContext *heap_kept(void) { return kept()->context; }

void heap_fill(void) {
  filling = 1;
  kept()->top = (char *)(kept() + 1);
}

/* The same build has to give the same executable, so neither the time is kept nor where the stack was. */
int __real_gettimeofday(struct timeval *, void *);
int __wrap_gettimeofday(struct timeval *now, void *zone) {
  if (!filling) return __real_gettimeofday(now, zone);
  *now = (struct timeval){ 0 };
  return 0;
}

int __real_clock_gettime(clockid_t, struct timespec *);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now) {
  if (!filling) return __real_clock_gettime(clock, now);
  *now = (struct timespec){ 0 };
  return 0;
}

int heap_keep(JSContext *context, const char *path) {
  const char *const here = (char *)&path;
  struct unused *last = unused;
  while (last && last->next) last = last->next;
  if (last && end_of(last) == kept()->top) kept()->top = (char *)size_of(last);
  for (char *at = heap; at < kept()->top; at += sizeof(uintptr_t)) {
    char *value;
    memcpy(&value, at, sizeof value);
    if (value > here - STACK && value < here + STACK) memset(at, 0, sizeof value);
  }
  kept()->context = context;
  FILE *file = fopen(path, "wb");
  if (!file) return 1;
  const size_t size = kept()->top - heap, written = fwrite(heap, 1, size, file);
  return fclose(file) != 0 || written != size;
}
