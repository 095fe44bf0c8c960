/* The heap of the engine; see heap.c. */
#ifndef HEAP_H
#define HEAP_H
#include "quickjs.h"

/* What the engine takes its memory from. */
extern const JSMallocFunctions heap_functions;

/* The context that the build has kept in the executable; NULL where it has kept none. */
JSContext *heap_kept(void);

/* From here on what the engine takes is for keeping. */
void heap_fill(void);

/* Writes all that was taken to a file, with the context as what is found again. Gives 0, or 1 where that fails. */
int heap_keep(JSContext *context, const char *path);

#endif
