/* SPDX-License-Identifier: Apache-2.0 */
/* Plans: built step by step, executed, cloned, destroyed. */
#include "plan/plan.h"

#include "base/alloc.h"
#include "plan/view.h"
#include "rt/buffer.h"
#include "rt/process.h"
#include "rt/program.h"

#include <stdlib.h>
#include <string.h>

clf_status clf_plan_begin(clf_context *context, int operand_count, const clf_operand *operands, clf_plan **out,
                          clf_error *error) {
    clf_plan *plan;
    CLF_TRY(clf_allocate(&plan, 1, sizeof *plan, error));
    plan->context = context;
    plan->process = context->process;
    plan->operand_count = operand_count;
    memcpy(plan->operands, operands, (size_t)operand_count * sizeof *operands);
    plan->description = clf_text_begin(plan->description_data, sizeof plan->description_data);
    *out = plan;
    return CLF_OK;
}

/* Several buffers together may be more than a 32-bit process can count; it is told of as many as it can. */
static void count_scratch(clf_plan *plan, int64_t bytes) {
    size_t room = SIZE_MAX - plan->cost.scratch_bytes;
    plan->cost.scratch_bytes += (size_t)bytes < room ? (size_t)bytes : room;
}

clf_status clf_plan_own(clf_plan *plan, int64_t bytes, const void *data, cl_mem *buffer, clf_error *error) {
    if (plan->owned_count == CLF_MAX_OWNED)
        return clf_fail(error, CLF_UNSUPPORTED, "a plan can have at most %d tables", CLF_MAX_OWNED);
    CLF_TRY(clf_buffer_create(plan->context, bytes, data, buffer, error));
    plan->owned[plan->owned_count++] = *buffer;
    count_scratch(plan, bytes);
    return CLF_OK;
}

clf_status clf_plan_scratch(clf_plan *plan, int64_t bytes, cl_uint *index, clf_error *error) {
    if (plan->scratch_count == CLF_MAX_SCRATCH)
        return clf_fail(error, CLF_UNSUPPORTED, "a plan can have at most %d pieces of scratch", CLF_MAX_SCRATCH);
    CLF_TRY(clf_buffer_create(plan->context, bytes, NULL, &plan->scratch[plan->scratch_count], error));
    plan->scratch_bytes[plan->scratch_count] = bytes;
    count_scratch(plan, bytes);
    *index = plan->scratch_count++;
    return CLF_OK;
}

clf_status clf_plan_verdict(clf_plan *plan, clf_judge judge, cl_uint *index, clf_error *error) {
    CLF_TRY(clf_plan_scratch(plan, CLF_VERDICT_SIZE * sizeof(int64_t), index, error));
    plan->judge = judge;
    plan->verdict = *index;
    return CLF_OK;
}

static clf_status add_step(clf_plan *plan, clf_step **step, clf_error *error) {
    if (plan->step_count == CLF_MAX_STEPS)
        return clf_fail(error, CLF_UNSUPPORTED, "a plan can have at most %d steps", CLF_MAX_STEPS);
    *step = &plan->steps[plan->step_count++];
    memset(*step, 0, sizeof **step);
    return CLF_OK;
}

clf_status clf_plan_step(clf_plan *plan, const char *source, const clf_text *options, const char *kernel,
                         clf_launch **launch, clf_error *error) {
    clf_step *step = NULL;
    CLF_TRY(add_step(plan, &step, error));
    *launch = &step->launch;
    cl_program program;
    CLF_TRY(clf_program_get(plan->context, source, options, &program, error));
    return clf_launch_create(plan->context, program, kernel, *launch, error);
}

clf_status clf_plan_child(clf_plan *plan, const clf_child *child, clf_error *error) {
    clf_step *step = NULL;
    clf_status status = add_step(plan, &step, error);
    if (status != CLF_OK)
        clf_plan_destroy(child->plan);
    else
        step->child = *child;
    return status;
}

clf_status clf_plan_call(clf_plan *plan, const clf_call *call, clf_error *error) {
    clf_step *step = NULL;
    CLF_TRY(add_step(plan, &step, error));
    step->call = *call;
    return CLF_OK;
}

clf_status clf_operands_check(const clf_context *context, int count, const clf_operand *operands, clf_error *error) {
    for (int i = 0; i < count; i++) {
        if (operands[i].view.rank == 0)
            continue;
        CLF_TRY(clf_view_check_device(context, &operands[i].view, operands[i].name, error));
        CLF_TRY(clf_view_check_bounds(context, &operands[i].view, operands[i].name, error));
    }
    for (int i = 0; i < count; i++) {
        if (!operands[i].output)
            continue;
        CLF_TRY(clf_view_check_distinct(&operands[i].view, operands[i].name, error));
        for (int j = 0; j < count; j++)
            if (j != i && (!operands[j].output || j > i))
                CLF_TRY(clf_view_check_apart(context, &operands[i].view, operands[i].name, &operands[j].view,
                                             operands[j].name, error));
    }
    return CLF_OK;
}

bool clf_operands_idle(int count, const clf_operand *operands) {
    int outputs = 0, empty = 0;
    for (int i = 0; i < count; i++) {
        outputs += operands[i].output;
        empty += operands[i].output && clf_view_empty(&operands[i].view);
    }
    return outputs > 0 && empty == outputs;
}

/* Takes the caller's buffers in place of the plan's own, and checks what changed. */
static clf_status bind(const clf_plan *plan, const clf_execute_desc *desc, cl_mem buffers[CLF_MAX_OPERANDS],
                       clf_error *error) {
    if (desc->buffers == NULL && desc->buffer_count > 0)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_execute: buffers is NULL, buffer_count %zu", desc->buffer_count);
    if (desc->buffer_count > (size_t)plan->operand_count)
        return clf_fail(error, CLF_INVALID_VALUE, "clf_execute: %zu buffers for a plan of %d operands",
                        desc->buffer_count, plan->operand_count);
    if ((desc->wait_list == NULL) != (desc->wait_count == 0))
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_execute: wait_list and wait_count do not agree");
    clf_operand operands[CLF_MAX_OPERANDS];
    memcpy(operands, plan->operands, sizeof operands);
    bool changed = false;
    for (int i = 0; i < plan->operand_count; i++) {
        cl_mem given = (size_t)i < desc->buffer_count ? desc->buffers[i] : NULL;
        changed = changed || (given != NULL && given != operands[i].view.buffer);
        if (given != NULL)
            operands[i].view.buffer = given;
        buffers[i] = operands[i].view.buffer;
        if (buffers[i] == NULL && !clf_view_empty(&operands[i].view))
            return clf_fail(error, CLF_NULL_ARGUMENT,
                            "clf_execute: %s has no buffer, neither from the descriptor nor in this call",
                            operands[i].name);
    }
    return changed ? clf_operands_check(plan->context, plan->operand_count, operands, error) : CLF_OK;
}

static clf_status enqueue_steps(clf_plan *plan, const clf_launch_memory *memory, const clf_execute_desc *desc,
                                cl_event *event, clf_error *error);

/* A call takes no events and gives none: barriers stand in for them. */
static clf_status enqueue_call(clf_plan *plan, const clf_call *call, const clf_launch_memory *memory,
                               const clf_execute_desc *waits, cl_event *event, clf_error *error) {
    if (waits->wait_count > 0)
        CLF_TRY(clf_queue_barrier(plan->context, waits->wait_count, waits->wait_list, NULL, error));
    cl_mem data = call->data ? call->data : memory->scratch[call->data_scratch];
    CLF_TRY(call->enqueue(call->object, call->inverse, data, call->has_scratch ? memory->scratch[call->scratch] : NULL,
                          error));
    return event ? clf_queue_barrier(plan->context, 0, NULL, event, error) : CLF_OK;
}

static clf_status enqueue_child(clf_child *child, const clf_launch_memory *memory, const clf_execute_desc *waits,
                                cl_event *event, clf_error *error) {
    cl_mem buffers[CLF_MAX_OPERANDS] = {0};
    for (int i = 0; i < child->count; i++)
        buffers[i] = (child->from[i].scratch ? memory->scratch : memory->operands)[child->from[i].index];
    const clf_launch_memory own = {buffers, child->plan->scratch};
    return enqueue_steps(child->plan, &own, waits, event, error);
}

static clf_status enqueue_step(clf_plan *plan, clf_step *step, const clf_launch_memory *memory,
                               const clf_execute_desc *waits, cl_event *event, clf_error *error) {
    if (step->call.enqueue != NULL)
        return enqueue_call(plan, &step->call, memory, waits, event, error);
    if (step->child.plan != NULL)
        return enqueue_child(&step->child, memory, waits, event, error);
    return clf_launch_enqueue(&step->launch, memory, waits->wait_count, waits->wait_list, event, error);
}

/* Steps of a plan depend on each other: a queue that reorders needs a barrier between them and an event over all. */
static clf_status enqueue_steps(clf_plan *plan, const clf_launch_memory *memory, const clf_execute_desc *desc,
                                cl_event *event, clf_error *error) {
    if (plan->step_count == 0) /* nothing to do, but the event still means what it says */
        return clf_queue_barrier(plan->context, desc->wait_count, desc->wait_list, event, error);
    for (int i = 0; i < plan->step_count; i++) {
        bool first = i == 0, last = i == plan->step_count - 1;
        if (!first && plan->context->out_of_order)
            CLF_TRY(clf_queue_barrier(plan->context, 0, NULL, NULL, error));
        const clf_execute_desc waits = first ? *desc : (clf_execute_desc){0};
        CLF_TRY(enqueue_step(plan, &plan->steps[i], memory, &waits, last ? event : NULL, error));
    }
    return CLF_OK;
}

clf_status clf_plan_settle(clf_plan *plan, clf_error *error) {
    const cl_mem none[CLF_MAX_OPERANDS] = {0};
    clf_launch_memory memory = {none, plan->scratch};
    clf_status status = enqueue_steps(plan, &memory, &(clf_execute_desc){0}, NULL, error);
    if (status == CLF_OK && plan->context->out_of_order)
        status = clf_queue_barrier(plan->context, 0, NULL, NULL, error);
    for (int i = 0; i < plan->step_count; i++)
        clf_launch_release(&plan->steps[i].launch);
    plan->step_count = 0;
    return status;
}

clf_status clf_execute(clf_plan *plan, const clf_execute_desc *desc, cl_event *event, clf_error *error) {
    if (plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_execute: plan is NULL");
    CLF_TRY(clf_process_check(plan->process, "plan", error));
    if (plan->stream != NULL)
        return clf_fail(error, CLF_UNSUPPORTED,
                        "clf_execute: the plan is streamed; expected a call of clf_execute_host");
    clf_execute_desc defaults = {0};
    if (desc == NULL)
        desc = &defaults;
    cl_mem buffers[CLF_MAX_OPERANDS] = {0};
    CLF_TRY(bind(plan, desc, buffers, error));
    clf_launch_memory memory = {buffers, plan->scratch};
    CLF_TRY(enqueue_steps(plan, &memory, desc, event, error));
    plan->executed = true;
    return CLF_OK;
}

clf_status clf_plan_check(clf_plan *plan, clf_error *error) {
    if (plan == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_plan_check: plan is NULL");
    CLF_TRY(clf_process_check(plan->process, "plan", error));
    if (plan->judge == NULL || !plan->executed)
        return CLF_OK;
    int64_t verdict[CLF_VERDICT_SIZE];
    void *memory;
    CLF_TRY(
        clf_buffer_map(plan->context, plan->scratch[plan->verdict], CL_MAP_READ, 0, sizeof verdict, &memory, error));
    memcpy(verdict, memory, sizeof verdict);
    CLF_TRY(clf_buffer_unmap(plan->context, plan->scratch[plan->verdict], memory, error));
    return verdict[0] == 0 ? CLF_OK : plan->judge(verdict, error);
}

static clf_status copy_step(const clf_step *step, clf_step *copy, clf_error *error) {
    copy->call = step->call;
    if (step->call.enqueue != NULL)
        return CLF_OK;
    if (step->child.plan == NULL)
        return clf_launch_clone(&step->launch, &copy->launch, error);
    clf_plan *clone = NULL;
    CLF_TRY(clf_plan_clone(step->child.plan, &clone, error));
    copy->child = step->child;
    copy->child.plan = clone;
    return CLF_OK;
}

/* Gives a clone what it cannot share: kernels and scratch. */
static clf_status copy_parts(const clf_plan *plan, clf_plan *copy, clf_error *error) {
    for (int i = 0; i < plan->owned_count; i++) {
        CLF_TRY(clf_buffer_retain(plan->owned[i], error));
        copy->owned[copy->owned_count++] = plan->owned[i];
    }
    for (cl_uint i = 0; i < plan->scratch_count; i++) {
        CLF_TRY(clf_buffer_create(plan->context, plan->scratch_bytes[i], NULL, &copy->scratch[i], error));
        copy->scratch_count++;
    }
    for (int i = 0; i < plan->step_count; i++) {
        copy->step_count++;
        CLF_TRY(copy_step(&plan->steps[i], &copy->steps[i], error));
    }
    return CLF_OK;
}

clf_status clf_plan_clone(const clf_plan *plan, clf_plan **clone, clf_error *error) {
    if (plan == NULL || clone == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_plan_clone: %s is NULL", plan == NULL ? "plan" : "clone");
    CLF_TRY(clf_process_check(plan->process, "plan", error));
    clf_plan *copy;
    CLF_TRY(clf_allocate(&copy, 1, sizeof *copy, error));
    *copy = *plan;
    copy->description.data = copy->description_data;
    copy->owned_count = copy->step_count = 0;
    copy->executed = false;
    copy->scratch_count = 0;
    memset(copy->steps, 0, sizeof copy->steps);
    copy->stream = NULL;
    clf_status status = copy_parts(plan, copy, error);
    if (status == CLF_OK && plan->stream != NULL)
        status = plan->stream_table->clone(plan->context, plan->stream, &copy->stream, error);
    if (status != CLF_OK)
        clf_plan_destroy(copy);
    else
        *clone = copy;
    return status;
}

void clf_plan_destroy(clf_plan *plan) {
    if (plan == NULL)
        return;
    if (clf_process_left(plan->process)) { /* all else is OpenCL's */
        free(plan);
        return;
    }
    for (int i = 0; i < plan->step_count; i++) {
        clf_launch_release(&plan->steps[i].launch);
        clf_plan_destroy(plan->steps[i].child.plan);
    }
    for (cl_uint i = 0; i < plan->scratch_count; i++)
        clf_buffer_release(plan->scratch[i]);
    for (int i = 0; i < plan->owned_count; i++)
        clf_buffer_release(plan->owned[i]);
    if (plan->stream != NULL)
        plan->stream_table->destroy(plan->stream);
    free(plan);
}

const char *clf_plan_describe(const clf_plan *plan) {
    return plan ? plan->description_data : NULL;
}

const char *clf_plan_problem(const clf_plan *plan) {
    return plan ? plan->problem : NULL;
}

size_t clf_plan_operand_count(const clf_plan *plan) {
    return plan ? (size_t)plan->operand_count : 0;
}

clf_status clf_plan_operand(const clf_plan *plan, size_t index, clf_plan_operand_info *info, clf_error *error) {
    if (plan == NULL || info == NULL)
        return clf_fail(error, CLF_NULL_ARGUMENT, "clf_plan_operand: %s is NULL", plan == NULL ? "plan" : "info");
    if (index >= (size_t)plan->operand_count)
        return clf_fail(error, CLF_OUT_OF_RANGE, "clf_plan_operand: operand %zu; the plan has %d", index,
                        plan->operand_count);
    const clf_operand *operand = &plan->operands[index];
    *info = (clf_plan_operand_info){operand->name, operand->view, operand->output};
    return CLF_OK;
}

const char *clf_plan_solver(const clf_plan *plan, size_t index) {
    return plan && index < CLF_MOST_CANDIDATES ? plan->solvers[index] : NULL;
}

clf_plan_cost clf_plan_get_cost(const clf_plan *plan) {
    return plan ? plan->cost : (clf_plan_cost){0};
}
