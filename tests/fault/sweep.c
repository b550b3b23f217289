/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every OpenCL call and every allocation of a whole use of the library is made to fail in turn, once and from there on.
 * The library must say so, must not crash, and must release all it made; then it must work again.
 *
 *   clf_fault opencl|memory once|forever FOLDER     FOLDER: where programs may be kept; its contents are removed
 */
#include "faults.h"
#include "programs.h"
#include "scenario.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What a use may do without, beyond what every use may: nothing, programs on disk, a measured choice of solver; what a
 * library asks for and then needs not, or reports in its own words.
 */
typedef enum use_spare { SPARE_NOTHING, SPARE_DISK, SPARE_CHOICE, SPARE_LIBRARY } use_spare;

/* One way to use the library. */
typedef struct library_use {
    const char *name;
    clf_status (*run)(const scenario_host *host, scenario_result *result, clf_error *error);
    bool in_host; /* round a host's own objects */
    use_spare spare;
    bool slow;                 /* some seconds: made to fail in OpenCL calls only, and once only */
    const scenario_line *line; /* an operation, in place of `run` */
} library_use;

/* Operations on few elements; those with a budget are streamed in several slabs. */
static const scenario_line lines[] = {
    {"shift f32 6x20 by=2,-3 border=symmetric"},
    {"shift f32 6x20 by=0.5,-1.25 method=cubic"},
    {"box f32 6x20 size=3"},
    {"laplace f32 6x20"},
    {"laplace f32 6x20 op=gaussian:1"},
    {"structure f32 6x20"},
    {"canny f32 6x20 low=0.1 high=0.2"},
    {"gradient_backward f32 6x20 of=grad_dst"},
    {"smoothness f32 1x2x6x10 with=loss"},
    {"smoothness f32 1x2x6x10 with=grad_loss,grad_disparity,grad_image"},
    {"conv f32 1x2x6x10 k=2x2x3x3 bias=1"},
    {"conv_adjoint f32 6x20 k=3x3"},
    {"conv_weights f32 6x20 k=3x3"},
    {"take f32 6x20 count=3 place=device"},
    {"put_add f32 6x20 count=5 place=device"},
    {"put_add f32 6x20 count=5"},
    {"pinv f32 4x4x5"},
    {"pinv_backward f32 4x3x4"},
    {"inv f32 4x3x3"},
    {"det f32 4x4x4"},
    {"solve f32 4x4x4 right=2"},
    {"lstsq f32 4x5x3"},
    {"shift f32 6x20 by=2,-3", NULL, 2500},
    {"box f32 6x20 size=3", NULL, 2500},
    {"laplace f32 6x20", NULL, 2500},
    {"inv f32 4x3x3", NULL, 2500},
    {"structure f32 6x20", NULL, 5500},
    {"conv f32 6x20 k=3x3", NULL, 2500},
};

#ifdef CLF_HAS_VKFFT
static const scenario_line by_vkfft = {"shift f32 20 by=0.5 method=fourier border=periodic", "shift.fourier.vkfft"};
#endif
#ifdef CLF_HAS_CLFFT
static const scenario_line by_clfft = {"shift f32 20 by=0.5 method=fourier border=periodic", "shift.fourier.clfft"};
#endif

static const library_use uses[] = {
    {"convolving on a device of the library's", scenario_run_convolve, false, SPARE_NOTHING},
    {"differentiating round a host's objects", scenario_run_gradient, true, SPARE_NOTHING},
    {"keeping programs on disk", scenario_run_cached, false, SPARE_DISK},
    {"streaming in slabs", scenario_run_streamed, true, SPARE_NOTHING},
    {"selecting in slabs", scenario_run_streamed_selection, true, SPARE_NOTHING},
    {"measuring solvers", scenario_run_measured, true, SPARE_CHOICE},
    {"convolving by tiles", scenario_run_tiled, true, SPARE_NOTHING},
    {"matching", scenario_run_matched, true, SPARE_NOTHING, true},
    {"warming up", scenario_run_warmup, true, SPARE_NOTHING},
    {"keeping wisdom", scenario_run_wisdom, true, SPARE_NOTHING},
#ifdef CLF_HAS_VKFFT
    {"transforming by VkFFT", scenario_run_vkfft, true, SPARE_LIBRARY, true},
    {"shifting by VkFFT", NULL, true, SPARE_LIBRARY, true, &by_vkfft},
#endif
#ifdef CLF_HAS_CLFFT
    {"transforming by clFFT", scenario_run_clfft, true, SPARE_LIBRARY, true},
    {"shifting by clFFT", NULL, true, SPARE_LIBRARY, true, &by_clfft},
#endif
};

static bool may_be_survived(const library_use *use, fault_call call) {
    bool disk = call == FAULT_clBuildProgram || call == FAULT_ALLOCATION || call == FAULT_clGetProgramInfo ||
                call == FAULT_clCreateProgramWithBinary;
    return fault_may_be_survived(call) || use->spare == SPARE_CHOICE || use->spare == SPARE_LIBRARY ||
           (use->spare == SPARE_DISK && disk);
}

/*
 * VkFFT 1.2 loses a table of its own where the device does not tell its largest work-items: the first failure of all.
 */
static bool dropped_by_library(const library_use *use, int kind) {
    return use->spare == SPARE_LIBRARY && kind == FAULT_MEMORY && fault_first_failed_call() == FAULT_clGetDeviceInfo &&
           fault_balance(FAULT_MEMORY) == 1;
}

static clf_status run(const library_use *use, const scenario_host *host, scenario_result *result, clf_error *error) {
    return use->line != NULL ? scenario_run_line(host, use->line, result, error) : use->run(host, result, error);
}

/* Floats to the last bit, NaN and signs of zero too. */
static bool same_bits(const void *a, const void *b) {
    return memcmp(a, b, sizeof(scenario_result)) == 0;
}

/*
 * The same results; where the device did not say that it has f64, matching computes in f32 and may differ within the
 * bound of its scores.
 */
static bool same_results(const scenario_result *result, const scenario_result *expected) {
    scenario_result rounded = *result;
    for (int i = 0; i < SCENARIO_ELEMENTS && fault_first_failed_call() == FAULT_clGetDeviceInfo; i++) {
        if (fabsf(result->transformed[i] - expected->transformed[i]) <= 1e-4F) {
            rounded.transformed[i] = expected->transformed[i];
        }
    }
    return same_bits(&rounded, expected);
}

/* Prints what is wrong with a run after a fault; true where nothing is. */
static bool judge(const library_use *use, const fault_plan *plan, clf_status status, const clf_error *error,
                  bool right) {
    fault_call call = fault_first_failed_call();
    const char *wrong = NULL;
    if (status == CLF_OK && !may_be_survived(use, call)) {
        wrong = "the failure was not reported";
    } else if (status == CLF_OK && !right) {
        wrong = "the use went through, and its results are wrong";
    } else if (status != CLF_OK && (error->code != status || error->message[0] == '\0')) {
        wrong = "the clf_error does not hold the status and a sentence";
    } else if (status != CLF_OK && plan->allocations && status != CLF_OUT_OF_MEMORY) {
        wrong = "a failing allocation is not CLF_OUT_OF_MEMORY";
    } else if (status != CLF_OK && !plan->allocations && !may_be_survived(use, call) && error->cl_code != plan->code) {
        wrong = "the clf_error does not hold the OpenCL error";
    }
    for (int kind = 0; kind < FAULT_KIND_COUNT && wrong == NULL; kind++) {
        if (fault_balance((fault_kind)kind) != (dropped_by_library(use, kind) ? 1 : 0)) {
            wrong = fault_kind_names[kind];
            (void)printf("%ld more made than released: ", fault_balance((fault_kind)kind));
        }
    }
    if (wrong != NULL) {
        (void)printf("%s (fault %zu%s, in %s: %s: %s)\n", wrong, plan->first, plan->forever ? " and on" : "",
                     fault_first_failure(), clf_status_name(status), error->message);
    }
    return wrong == NULL;
}

/* One run without faults: its results, how many calls it makes, and that it is in balance. */
static bool run_clean(const library_use *use, const scenario_host *host, bool allocations, scenario_result *result,
                      size_t *calls) {
    clf_error error = {0};
    fault_plan none = {.allocations = allocations};
    fault_begin(&none, NULL);
    clf_status status = run(use, host, result, &error);
    fault_end();
    *calls = fault_calls();
    bool good = status == CLF_OK;
    if (!good) {
        (void)printf("without any fault: %s: %s\n", clf_status_name(status), error.message);
    }
    for (int kind = 0; kind < FAULT_KIND_COUNT; kind++) {
        if (fault_balance((fault_kind)kind) != 0) {
            (void)printf("without any fault: %ld more %s made than released\n", fault_balance((fault_kind)kind),
                         fault_kind_names[kind]);
            good = false;
        }
    }
    return good;
}

/* Every call of the scenario in turn. */
static bool sweep(const library_use *use, const scenario_host *host, bool allocations, bool forever,
                  bool reached[FAULT_CALL_COUNT]) {
    scenario_result expected, result;
    size_t calls = 0, again = 0, wrong = 0;
    if (!run_clean(use, host, allocations, &expected, &calls)) {
        return false;
    }
    for (int call = 0; call < FAULT_CALL_COUNT; call++) {
        reached[call] = reached[call] || fault_calls_of((fault_call)call) > 0;
    }
    for (size_t first = 1; first <= calls; first++) {
        clf_error error = {0};
        fault_plan plan = {.allocations = allocations, .first = first, .forever = forever};
        plan.code = forever ? CL_OUT_OF_HOST_MEMORY : CL_OUT_OF_RESOURCES;
        fault_begin(&plan, NULL);
        clf_status status = run(use, host, &result, &error);
        fault_end();
        wrong += judge(use, &plan, status, &error, same_results(&result, &expected)) ? 0 : 1;
    }
    (void)printf("%zu %s made to fail %s, %s: %zu wrong\n", calls, allocations ? "allocations" : "OpenCL calls",
                 forever ? "from there on" : "once", use->name, wrong);
    bool works = run_clean(use, host, allocations, &result, &again) && same_bits(&result, &expected);
    if (!works || calls == 0) {
        (void)printf(works ? "nothing was called\n" : "afterwards the library does not work any more\n");
    }
    return wrong == 0 && works && calls > 0;
}

/*
 * Calls that no scenario here makes. The build log is read after a failed build: devices.c does. The other two are made
 * by the check of a library's transforms, where there is one.
 */
static bool made_elsewhere(int call, bool slow) {
#if defined(CLF_HAS_VKFFT) || defined(CLF_HAS_CLFFT)
    const bool libraries = true;
#else
    const bool libraries = false;
#endif
#ifdef NDEBUG
    const bool checks_names = false; /* of kernels' arguments */
#else
    const bool checks_names = true;
#endif
    return call == FAULT_clGetProgramBuildInfo || (!checks_names && call == FAULT_clGetKernelArgInfo) ||
           (!(libraries && slow) && (call == FAULT_clEnqueueReadBuffer || call == FAULT_clEnqueueWriteBuffer));
}

/* A call that no scenario makes is never made to fail. */
static bool all_reached(const bool reached[FAULT_CALL_COUNT], bool slow) {
    bool all = true;
    for (int call = 0; call < FAULT_CALL_COUNT; call++) {
        if (!reached[call] && !made_elsewhere(call, slow)) {
            (void)printf("%s is never called here, and so never made to fail\n", fault_call_names[call]);
            all = false;
        }
    }
    return all;
}

int main(int count, char **arguments) {
    bool allocations = count == 4 && strcmp(arguments[1], "memory") == 0;
    bool forever = count == 4 && strcmp(arguments[2], "forever") == 0;
    if (count != 4 || (!allocations && strcmp(arguments[1], "opencl") != 0) ||
        (!forever && strcmp(arguments[2], "once") != 0) || setenv("XDG_CACHE_HOME", arguments[3], 1) != 0) {
        (void)fputs("usage: clf_fault opencl|memory once|forever FOLDER\n", stderr);
        return 2;
    }
    scenario_host host;
    bool good = true, slow = !allocations && !forever, reached[FAULT_CALL_COUNT] = {false};
    if (!scenario_host_open(&host)) {
        (void)fputs("no device, so nothing can be tested\n", stderr);
        return 1;
    }
    programs_keep(host.context);
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++) {
        if (slow || !uses[i].slow) {
            good = sweep(&uses[i], uses[i].in_host ? &host : NULL, allocations, forever, reached) && good;
        }
    }
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        const library_use use = {.name = lines[i].text, .in_host = true, .line = &lines[i]};
        good = sweep(&use, &host, allocations, forever, reached) && good;
    }
    good = all_reached(reached, slow) && good;
    programs_keep(NULL);
    scenario_host_close(&host);
    return good ? 0 : 1;
}
