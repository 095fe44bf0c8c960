/* The program in the engine; see program.c. */
#ifndef PROGRAM_H
#define PROGRAM_H
#include "quickjs.h"

/* Whether the executable comes with the program as it is once it is loaded. */
int program_is_kept(void);

/* Loads the program with what most calls need of it, and writes that to a file for an executable to come with. Gives 0, or 1. */
int program_keep(const char *path);

/* The program, ready to start with these arguments; NULL: there is no memory. */
JSContext *program_begin(int argc, char **argv);

#endif
