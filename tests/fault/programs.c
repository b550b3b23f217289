/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Programs that were built once in a host's context. A sweep builds the same few programs some thousand times; where a
 * driver compiles or looks them up, that is nearly all its time. A program made again from the same text with the same
 * options stands for the one that was built first: its kernels and what is asked of it are that one's.
 */
#include "programs.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT = 64, STANDING = 64 };

typedef struct kept_program {
    char *text, *options;
    cl_program built;
} kept_program;

typedef struct standing_program {
    cl_program made, built;
} standing_program;

static struct programs_state {
    cl_context context;
    kept_program kept[KEPT];
    standing_program standing[STANDING];
    size_t kept_count, standing_count;
} state;

/* Not the wrappers: what is kept here is not the library's. */
void *__real_malloc(size_t size);
void __real_free(void *memory);
cl_int __real_clGetProgramInfo(cl_program program, cl_program_info name, size_t size, void *value, size_t *needed);
cl_int __real_clReleaseProgram(cl_program program);
cl_int __real_clBuildProgram(cl_program program, cl_uint count, const cl_device_id *devices, const char *options,
                             void(CL_CALLBACK *notify)(cl_program, void *), void *user);

void programs_keep(cl_context context) {
    for (size_t i = 0; i < state.kept_count; i++) {
        __real_free(state.kept[i].text);
        __real_free(state.kept[i].options);
        (void)__real_clReleaseProgram(state.kept[i].built);
    }
    state = (struct programs_state){.context = context};
}

/* The text of a program of the context; NULL where it is another's or has none. Free with __real_free. */
static char *text_of(cl_program program) {
    cl_context context = NULL;
    size_t size = 0;
    if (state.context == NULL ||
        __real_clGetProgramInfo(program, CL_PROGRAM_CONTEXT, sizeof context, &context, NULL) != CL_SUCCESS ||
        context != state.context || __real_clGetProgramInfo(program, CL_PROGRAM_SOURCE, 0, NULL, &size) != CL_SUCCESS ||
        size <= 1) {
        return NULL;
    }
    char *text = __real_malloc(size);
    if (text != NULL && __real_clGetProgramInfo(program, CL_PROGRAM_SOURCE, size, text, NULL) != CL_SUCCESS) {
        __real_free(text);
        text = NULL;
    }
    return text;
}

static char *copy_of(const char *text) {
    size_t size = strlen(text) + 1;
    char *copy = __real_malloc(size);
    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

/* True where the same text was built with the same options: the program stands for that one from here on. */
static bool stand_in(cl_program program, const char *options) {
    char *text = text_of(program);
    bool found = false;
    for (size_t i = 0; text != NULL && i < state.kept_count && !found; i++) {
        const kept_program *kept = &state.kept[i];
        found = state.standing_count < STANDING && strcmp(kept->text, text) == 0 && strcmp(kept->options, options) == 0;
        if (found) {
            state.standing[state.standing_count++] = (standing_program){program, kept->built};
        }
    }
    __real_free(text);
    return found;
}

static void keep(cl_program program, const char *options) {
    char *text = text_of(program), *copy = copy_of(options);
    if (text == NULL || copy == NULL || state.kept_count == KEPT || clRetainProgram(program) != CL_SUCCESS) {
        __real_free(text);
        __real_free(copy);
        return;
    }
    state.kept[state.kept_count++] = (kept_program){text, copy, program};
}

cl_int programs_build(cl_program program, cl_uint count, const cl_device_id *devices, const char *build_options,
                      void(CL_CALLBACK *notify)(cl_program, void *), void *user) {
    const char *options = build_options != NULL ? build_options : "";
    if (stand_in(program, options)) {
        return CL_SUCCESS;
    }
    cl_int code = __real_clBuildProgram(program, count, devices, build_options, notify, user);
    if (code == CL_SUCCESS) {
        keep(program, options);
    }
    return code;
}

cl_program programs_meant(cl_program program) {
    for (size_t i = 0; i < state.standing_count; i++) {
        if (state.standing[i].made == program) {
            return state.standing[i].built;
        }
    }
    return program;
}

cl_program programs_released(cl_program program) {
    for (size_t i = 0; i < state.standing_count; i++) {
        if (state.standing[i].made == program) {
            state.standing[i] = state.standing[--state.standing_count];
            break;
        }
    }
    return program;
}
