/*
 * The native executable: runs the bytecode of the plugins on QuickJS-ng, and sees to it that nothing that goes wrong in the
 * engine looks like success. What the plugins do is in TypeScript; nothing here knows of networks.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "program.h"
#include "quickjs-libc.h"

enum { SIGNAL_STACK = 16 << 10 };

/* A constant, for after a fault nothing can be made. The specification, section "Error", has codes from 100 for plugins. */
#define ERROR(REASON) "{\n    \"cniVersion\": \"1.1.0\",\n    \"code\": 999,\n    \"msg\": \"Cannot finish: " REASON "\"\n}\n"
#define SAY(REASON) (void)!write(STDOUT_FILENO, ERROR(REASON), sizeof(ERROR(REASON)) - 1)

static void crashed(int number) {
  SAY("the program crashed. Repeat the call; if it happens again, report it and use the build for Node.js");
  signal(number, SIG_DFL);
  _exit(1);
}

/* On a stack of its own: the usual crash is that the other one is used up. */
static void catch_crashes(void) {
  static char memory[SIGNAL_STACK];
  static const int numbers[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT };
  const stack_t stack = { .ss_sp = memory, .ss_size = sizeof memory };
  struct sigaction action = { .sa_handler = crashed, .sa_flags = SA_ONSTACK };
  sigaltstack(&stack, NULL);
  for (size_t at = 0; at < sizeof numbers / sizeof *numbers; at++) sigaction(numbers[at], &action, NULL);
}

/* The engine closes what a child must not inherit with this function, which it looks for by name; in a static executable no
 * name can be looked up, and it would try every possible descriptor. */
void *__wrap_dlsym(void *library, const char *name) {
  (void)library;
  return strcmp(name, "closefrom") == 0 ? (void *)closefrom : NULL;
}

/* The engine looks at as many of the first descriptors as poll(2) says are ready, so those that are ready have to be the
 * first; and it takes an interrupted call for the end of all events. */
int __real_poll(struct pollfd *, nfds_t, int);
int __wrap_poll(struct pollfd *polled, nfds_t count, int timeout) {
  const int ready = __real_poll(polled, count, timeout);
  if (ready < 0) return errno == EINTR ? 0 : ready;
  for (nfds_t at = 0, first = 0; at < count; at++) {
    if (!polled[at].revents) continue;
    const struct pollfd found = polled[at];
    polled[at] = polled[first];
    polled[first++] = found;
  }
  return ready;
}

/* Caught and not ignored, for that would go over to the children. */
static void pipe_broke(int number) { (void)number; }

int main(int argc, char **argv) {
  catch_crashes();
  signal(SIGPIPE, pipe_broke);
  const char *const path = getenv("FAIRLEAD_KEEP_HEAP");
  if (path && !program_is_kept()) return program_keep(path);
  JSContext *context = program_begin(argc, argv);
  if (!context) return SAY("there is no memory"), 1;
  const JSValue global = JS_GetGlobalObject(context), start = JS_GetPropertyStr(context, global, "start");
  if (JS_IsFunction(context, start)) JS_FreeValue(context, JS_Call(context, start, global, 0, NULL));
  js_std_loop(context);
  /* The program ends by itself, with its status, once it has answered. */
  SAY("the program stopped before it had an answer. Repeat the call; if it happens again, report it");
  return 1;
}
