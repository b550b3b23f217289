/* SPDX-License-Identifier: Apache-2.0 */
/* The book-keeping of faults. */
#include "faults.h"

#include <errno.h>
#include <stdatomic.h>

#define NAME(name) #name,
const char *const fault_call_names[FAULT_CALL_COUNT] = {FAULT_CALLS(NAME) "an allocation"};
#undef NAME

const char *const fault_kind_names[FAULT_KIND_COUNT] = {"contexts", "queues",   "buffers", "programs",        "kernels",
                                                        "events",   "mappings", "locks",   "pieces of memory"};

static struct fault_state {
    bool counting;
    fault_plan plan;
    fault_pretence pretence;
    atomic_size_t calls, failures; /* streams call from threads of their own */
    fault_call first_failure;
    atomic_size_t calls_of[FAULT_CALL_COUNT];
    atomic_long balance[FAULT_KIND_COUNT];
} state;

void fault_begin(const fault_plan *plan, const fault_pretence *pretence) {
    state = (struct fault_state){.counting = true};
    if (plan != NULL) {
        state.plan = *plan;
    }
    if (pretence != NULL) {
        state.pretence = *pretence;
    }
}

void fault_end(void) {
    state.counting = false;
    state.pretence = (fault_pretence){.no_platform = false};
}

size_t fault_calls(void) {
    return state.calls;
}

size_t fault_failures(void) {
    return state.failures;
}

const char *fault_first_failure(void) {
    return state.failures > 0 ? fault_call_names[state.first_failure] : "";
}

fault_call fault_first_failed_call(void) {
    return state.first_failure;
}

bool fault_may_be_survived(fault_call call) {
    static const fault_call calls[] = {
        FAULT_clGetDeviceInfo,  FAULT_clGetPlatformInfo, FAULT_clGetDeviceIDs,  FAULT_clReleaseCommandQueue,
        FAULT_clReleaseContext, FAULT_clReleaseEvent,    FAULT_clReleaseKernel, FAULT_clReleaseMemObject,
        FAULT_clReleaseProgram, FAULT_clFinish,
    };
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        if (calls[i] == call) {
            return true;
        }
    }
    return false;
}

size_t fault_calls_of(fault_call call) {
    return state.calls_of[call];
}

long fault_balance(fault_kind kind) {
    return state.balance[kind];
}

bool fault_strikes(fault_call call) {
    if (!state.counting) {
        return false;
    }
    state.calls_of[call]++;
    if ((call == FAULT_ALLOCATION) != state.plan.allocations) {
        return false;
    }
    state.calls++;
    bool struck = state.plan.first > 0 &&
                  (state.plan.forever ? state.calls >= state.plan.first : state.calls == state.plan.first);
    if (struck && state.failures++ == 0) {
        state.first_failure = call;
    }
    return struck;
}

bool fault_refuses_memory(void) {
    if (!fault_strikes(FAULT_ALLOCATION)) {
        return false;
    }
    errno = ENOMEM;
    return true;
}

cl_int fault_code(void) {
    return state.plan.code;
}

void fault_count(fault_kind kind, long change) {
    if (state.counting) {
        state.balance[kind] += change;
    }
}

const fault_pretence *fault_pretends(void) {
    return &state.pretence;
}
