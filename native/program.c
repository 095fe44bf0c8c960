/* The program in the engine: its modules, from bytecode or from the heap that the build has kept. */
#include <stdlib.h>
#include <string.h>
#include "heap.h"
#include "program.h"
#include "quickjs-libc.h"

/* What a call needs is far below the garbage that is worth looking for. */
enum { MEMORY = 256 << 20, GARBAGE = 16 << 20, STACK = 1 << 20 };

/* The bytecode of the modules that the kept heap does not have yet, up to one without a name. */
extern const struct module {
  const char *name;
  const uint8_t *code;
  unsigned size;
} modules[];

/* The module that is the program, and those that the build loads beside it to keep them; up to NULL. */
extern const char *const entries[];

static JSModuleDef *load(JSContext *context, const char *name, void *opaque, JSValueConst attributes) {
  (void)opaque, (void)attributes;
  for (const struct module *module = modules; module->name; module++) {
    if (strcmp(module->name, name) != 0) continue;
    const JSValue value = JS_ReadObject(context, module->code, module->size, JS_READ_OBJ_BYTECODE);
    if (JS_IsException(value)) return NULL;
    JSModuleDef *loaded = JS_VALUE_GET_PTR(value);
    JS_FreeValue(context, value);
    return loaded;
  }
  JS_ThrowReferenceError(context, "no module %s", name);
  return NULL;
}

/* What takes the place of import(): that wants to know the file that it stands in, which takes room in every function. */
static JSValue import(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  (void)this, (void)count;
  const char *name = JS_ToCString(context, arguments[0]);
  if (!name) return JS_EXCEPTION;
  const JSValue promise = JS_LoadModule(context, entries[0], name);
  JS_FreeCString(context, name);
  return promise;
}

/* All of the engine that the program needs. What compiles text is not among it: nothing that comes in can become a program, and
 * the parser is not linked. */
JSContext *__wrap_JS_NewContext(JSRuntime *runtime) {
  static int (*const parts[])(JSContext *) = {
    JS_AddIntrinsicBaseObjects, JS_AddIntrinsicDate,        JS_AddIntrinsicRegExp,  JS_AddIntrinsicJSON,
    JS_AddIntrinsicMapSet,      JS_AddIntrinsicTypedArrays, JS_AddIntrinsicPromise, JS_AddIntrinsicAToB,
  };
  JSContext *context = JS_NewContextRaw(runtime);
  for (size_t at = 0; context && at < sizeof parts / sizeof *parts; at++)
    if (parts[at](context) != 0) return NULL;
  return context;
}

static JSContext *engine(int argc, char **argv) {
  JSRuntime *runtime = JS_NewRuntime2(&heap_functions, NULL);
  if (!runtime) return NULL;
  JS_SetMemoryLimit(runtime, MEMORY);
  JS_SetMaxStackSize(runtime, STACK);
  JS_SetGCThreshold(runtime, GARBAGE);
  js_std_init_handlers(runtime);
  JS_SetModuleLoaderFunc2(runtime, NULL, load, NULL, NULL);
  JSContext *context = JS_NewContext(runtime);
  if (!context) return NULL;
  js_init_module_std(context, "qjs:std");
  js_init_module_os(context, "qjs:os");
  js_std_add_helpers(context, argc, argv);
  const JSValue global = JS_GetGlobalObject(context);
  JS_SetPropertyStr(context, global, "importPart", JS_NewCFunction(context, import, "importPart", 1));
  JS_FreeValue(context, global);
  return context;
}

static void evaluate(JSContext *context, const char *name) {
  JS_FreeValue(context, JS_LoadModule(context, entries[0], name));
}

int program_is_kept(void) { return heap_kept() != NULL; }

int program_keep(const char *path) {
  heap_fill();
  JSContext *context = engine(0, NULL), *done;
  if (!context) return 1;
  for (const char *const *entry = entries; *entry; entry++) evaluate(context, *entry);
  while (JS_ExecutePendingJob(JS_GetRuntime(context), &done) > 0) continue;
  JS_RunGC(JS_GetRuntime(context));
  return heap_keep(context, path);
}

JSContext *program_begin(int argc, char **argv) {
  JSContext *context = heap_kept();
  if (context) {
    JS_UpdateStackTop(JS_GetRuntime(context));
    js_std_add_helpers(context, argc, argv);
  } else if ((context = engine(argc, argv))) evaluate(context, entries[0]);
  return context;
}
