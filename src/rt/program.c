/* SPDX-License-Identifier: Apache-2.0 */
/* Building programs, and the in-memory cache: one build per source and options for a context's whole life. */
#include "rt/program.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "base/number.h"
#include "rt/clock.h"
#include "rt/program_file.h"

#include <stdlib.h>
#include <string.h>

struct clf_program {
    clf_program *next;
    uint64_t hash;
    const clf_kernel_source *source;
    bool ready; /* built; else the thread that announced it is building it */
    cl_program cl;
    char options[]; /* zero-terminated: the rest of the key */
};

static const clf_kernel_source *find_source(const char *name) {
    const clf_kernel_source *source = clf_kernel_sources;
    while (source->name != NULL && strcmp(source->name, name) != 0)
        source++;
    return source->name ? source : NULL;
}

static clf_program *find_program(const clf_context *context, uint64_t hash, const clf_kernel_source *source,
                                 const char *options) {
    clf_program *program = context->programs;
    while (program != NULL &&
           (program->hash != hash || program->source != source || strcmp(program->options, options) != 0))
        program = program->next;
    return program;
}

/* Hands the build log to the log hook; says where it is in the caller's error. */
static clf_status build_failed(const clf_context *context, cl_program program, cl_int code, const char *name,
                               const char *options, clf_error *error) {
    size_t bytes = 0;
    char *log = NULL;
    if (clGetProgramBuildInfo(program, context->device, CL_PROGRAM_BUILD_LOG, 0, NULL, &bytes) == CL_SUCCESS &&
        clf_allocate(&log, bytes + 1, 1, NULL) == CLF_OK &&
        clGetProgramBuildInfo(program, context->device, CL_PROGRAM_BUILD_LOG, bytes, log, NULL) == CL_SUCCESS &&
        context->log != NULL)
        context->log(context->log_user, CLF_LOG_ERROR, log);
    free(log);
    clf_error_set(error, CLF_BUILD_FAILED,
                  "building %s.cl with \"%s\" for %s failed: %s (%d); the log hook has the build log", name, options,
                  context->info.name, clf_cl_error_name(code), (int)code);
    if (error != NULL)
        error->cl_code = code;
    return CLF_BUILD_FAILED;
}

/* Builds with `options`, and so that kernels know their parameters' names, which launches check. */
static cl_int compile(const clf_context *context, cl_program program, const char *options) {
    static const char names[] = "-cl-kernel-arg-info ";
    char *whole;
    size_t length = strlen(options) + 1;
    if (clf_allocate(&whole, sizeof names - 1 + length, 1, NULL) != CLF_OK)
        return CL_OUT_OF_HOST_MEMORY;
    memcpy(whole, names, sizeof names - 1);
    memcpy(whole + sizeof names - 1, options, length);
    cl_int code = clBuildProgram(program, 1, &context->device, whole, NULL, NULL);
    free(whole);
    return code;
}

/* Takes the program from disk, or builds it and keeps it there. */
static clf_status build(const clf_context *context, const clf_kernel_source *source, const char *options,
                        cl_program *out, bool *from_disk, clf_error *error) {
    cl_int code;
    if (clf_program_load(context, source, options, out)) {
        *from_disk = true;
        return CLF_OK;
    }
    cl_program program = clCreateProgramWithSource(context->cl, 1, (const char *[]){source->text},
                                                   (const size_t[]){source->length}, &code);
    if (code != CL_SUCCESS)
        return clf_fail_cl(error, code, "creating an OpenCL program");
    code = compile(context, program, options);
    if (code != CL_SUCCESS) {
        clf_status status = code == CL_OUT_OF_HOST_MEMORY || code == CL_OUT_OF_RESOURCES
                                ? clf_fail_cl(error, code, "building an OpenCL program")
                                : build_failed(context, program, code, source->name, options, error);
        clReleaseProgram(program);
        return status;
    }
    clf_program_store(context, source, options, program);
    *out = program;
    return CLF_OK;
}

static void forget(clf_context *context, clf_program *program) {
    clf_program **at = &context->programs;
    while (*at != program)
        at = &(*at)->next;
    *at = program->next;
    free(program);
}

/*
 * Builds an entry that was announced. The caller holds the lock, which is let go meanwhile: other programs are built
 * and found beside this one, and whoever wants this one waits for it.
 */
static clf_status build_entry(clf_context *context, clf_program *entry, clf_error *error) {
    bool from_disk = false;
    double before = clf_clock_now();
    pthread_mutex_unlock(&context->lock);
    clf_status status = build(context, entry->source, entry->options, &entry->cl, &from_disk, error);
    double seconds = clf_clock_now() - before;
    if (status == CLF_OK)
        clf_log(context, CLF_LOG_DEBUG, "%s %s.cl with \"%s\" in %s s", from_disk ? "loaded" : "built",
                entry->source->name, entry->options, clf_number_fixed(seconds, 3).text);
    pthread_mutex_lock(&context->lock);
    pthread_cond_broadcast(&context->built);
    if (status != CLF_OK) {
        forget(context, entry);
        return status;
    }
    entry->ready = true;
    context->statistics.programs += !from_disk;
    context->statistics.disk_hits += from_disk;
    context->statistics.build_seconds += seconds;
    return CLF_OK;
}

/* Announces a program and builds it; the caller holds the lock. */
static clf_status add_program(clf_context *context, const clf_kernel_source *source, const char *options, uint64_t hash,
                              cl_program *out, clf_error *error) {
    clf_program *entry;
    size_t length = strlen(options) + 1;
    CLF_TRY(clf_allocate(&entry, 1, sizeof *entry + length, error));
    memcpy(entry->options, options, length);
    entry->hash = hash;
    entry->source = source;
    entry->next = context->programs;
    context->programs = entry;
    CLF_TRY(build_entry(context, entry, error));
    *out = entry->cl;
    return CLF_OK;
}

clf_status clf_program_get(clf_context *context, const char *name, const clf_text *text, cl_program *program,
                           clf_error *error) {
    const clf_kernel_source *source = find_source(name);
    const char *options = text->data;
    if (source == NULL)
        return clf_fail(error, CLF_BUILD_FAILED, "no kernel source is called %s", name);
    CLF_TRY(clf_text_check(text, name, "build options", error));
    uint64_t hash = clf_hash(clf_hash(CLF_HASH_SEED, name, strlen(name)), options, strlen(options));
    clf_status status = CLF_OK;
    pthread_mutex_lock(&context->lock);
    clf_program *known = find_program(context, hash, source, options);
    while (known != NULL && !known->ready) { /* another thread builds it; if that fails, it is gone */
        pthread_cond_wait(&context->built, &context->lock);
        known = find_program(context, hash, source, options);
    }
    if (known != NULL) {
        context->statistics.hits++;
        *program = known->cl;
    } else {
        status = add_program(context, source, options, hash, program, error);
    }
    pthread_mutex_unlock(&context->lock);
    return status;
}

void clf_programs_release(clf_context *context) {
    while (context->programs != NULL) {
        clf_program *program = context->programs;
        context->programs = program->next;
        clReleaseProgram(program->cl);
        free(program);
    }
}
