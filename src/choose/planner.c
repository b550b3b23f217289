/* SPDX-License-Identifier: Apache-2.0 */
/* The planner: of the solvers that apply, the one that wisdom, a measurement or the least estimate names. */
#include "choose/planner.h"

#include "base/number.h"
#include "choose/measure.h"
#include "choose/prepare.h"
#include "choose/wisdom.h"
#include "plan/view.h"

#include <math.h>
#include <string.h>

/* True if `wish` is NULL, the operation's name, or the solver's or a part of it that ends before a point. */
static bool wished(const clf_operation *operation, const clf_solver *solver, const char *wish) {
    if (wish == NULL || strcmp(wish, operation->name) == 0)
        return true;
    size_t length = strlen(wish);
    return strncmp(wish, solver->name, length) == 0 && (solver->name[length] == '\0' || solver->name[length] == '.');
}

clf_status clf_planner_check_wish(const clf_operation *operation, const char *wish, clf_error *error) {
    if (wish == NULL)
        return CLF_OK;
    for (const clf_solver *const *entry = operation->solvers; *entry != NULL; entry++)
        if (wished(operation, *entry, wish))
            return CLF_OK;
    return clf_fail(error, CLF_NO_SOLVER, "no solver of %s is called \"%s\"", operation->name, wish);
}

/* Adds a solver that applies, with its estimate. */
static void add_candidate(const clf_context *context, const clf_solver *solver, const void *problem,
                          clf_candidates *found) {
    if (clf_solver_applies(solver, context, problem) && found->count < CLF_MOST_CANDIDATES)
        found->choices[found->count++] = (clf_choice){solver, 0, clf_solver_estimate(solver, context, problem)};
}

/* The solvers that apply and are wished for, with their estimates; only the one that sums nothing, where `nothing`. */
static clf_status find_candidates(const clf_context *context, const clf_operation *operation, const void *problem,
                                  const char *wish, bool nothing, clf_candidates *found, clf_error *error) {
    CLF_TRY(clf_planner_check_wish(operation, wish, error));
    const clf_solver *known = NULL;
    found->count = 0;
    for (const clf_solver *const *entry = operation->solvers; *entry != NULL; entry++) {
        if (!wished(operation, *entry, wish))
            continue;
        known = *entry;
        if (!nothing || *entry == operation->nothing)
            add_candidate(context, *entry, problem, found);
    }
    if (found->count > 0)
        return CLF_OK;
    char line[320];
    clf_text text = clf_text_begin(line, sizeof line);
    operation->print(problem, &text);
    clf_text_close(&text);
    const char *needs = known == NULL ? NULL : nothing ? "elements in every input" : known->needs;
    return clf_fail(error, CLF_NO_SOLVER, "%s cannot solve %s%s%s", wish ? wish : operation->name, line,
                    needs ? ": it needs " : "", needs ? needs : "");
}

static clf_choice least(const clf_candidates *candidates) {
    clf_choice best = candidates->choices[0];
    for (int i = 1; i < candidates->count; i++)
        if (candidates->choices[i].seconds < best.seconds)
            best = candidates->choices[i];
    return best;
}

const clf_solver *clf_planner_estimate(const clf_context *context, const clf_solver *const *solvers,
                                       const void *problem) {
    clf_candidates candidates = {.count = 0};
    for (; *solvers != NULL; solvers++)
        add_candidate(context, *solvers, problem, &candidates);
    return least(&candidates).solver;
}

/*
 * Wisdom first; then a measurement, which becomes wisdom, where it is asked for; else shipped wisdom, or the estimate.
 */
static clf_status choose(clf_context *context, const clf_operation *operation, const void *problem, int operand_count,
                         const clf_operand *operands, const clf_plan_options *options, const clf_candidates *candidates,
                         clf_choice *choice, clf_error *error) {
    *choice = least(candidates);
    bool single = candidates->count == 1 && candidates->choices[0].solver->variants <= 1;
    if (single)
        return CLF_OK;
    char key[CLF_WISDOM_KEY_SIZE];
    CLF_TRY(clf_wisdom_key(context, operation, problem, candidates, key, error));
    if (clf_wisdom_find(context, key, options->effort, candidates, choice))
        return CLF_OK;
    if (options->effort == CLF_ESTIMATE) {
        clf_wisdom_find_shipped(context, key + CLF_WISDOM_HASH_SIZE, candidates, choice);
        return CLF_OK;
    }
    clf_error reason = {0};
    if (clf_measure(context, operation, problem, operand_count, operands, options->effort, candidates, choice) &&
        clf_wisdom_add(context, key, options->effort, choice, &reason) != CLF_OK)
        clf_log(context, CLF_LOG_WARNING, "the measurement is not remembered: %s", reason.message);
    return CLF_OK;
}

/* Takes out a solver that this device cannot have; false if none is left but those for who names them. */
static bool pass_over(clf_candidates *candidates, const clf_solver *solver) {
    int kept = 0;
    for (int i = 0; i < candidates->count; i++)
        if (candidates->choices[i].solver != solver)
            candidates->choices[kept++] = candidates->choices[i];
    candidates->count = kept;
    return kept > 0 && isfinite(least(candidates).seconds);
}

/*
 * What a kernel needs of the device is known when it is built, and no estimate tells: the next solver is taken then.
 * `choice` becomes the one that was prepared.
 */
static clf_status prepare_first(clf_context *context, const clf_operation *operation, const void *problem,
                                int operand_count, const clf_operand *operands, clf_candidates *candidates,
                                clf_choice *choice, clf_plan **out, clf_error *error) {
    for (;;) {
        clf_error why = {0};
        clf_status status =
            clf_planner_prepare(context, operation, problem, operand_count, operands, choice, out, &why);
        if (status == CLF_OK)
            return CLF_OK;
        if (status != CLF_UNSUPPORTED || !pass_over(candidates, choice->solver)) {
            if (error != NULL)
                *error = why;
            return status;
        }
        clf_log(context, CLF_LOG_WARNING, "%s is passed over: %s", choice->solver->name, why.message);
        *choice = least(candidates);
    }
}

/* Says in a description what the candidates that were not chosen were estimated at. */
static void describe_others(clf_plan *plan, const clf_candidates *candidates, const clf_solver *chosen) {
    clf_text *text = &plan->description;
    if (candidates->count < 2 || text->length == 0 || text->truncated)
        return;
    text->data[--text->length] = '\0'; /* the closing parenthesis comes again */
    const char *before = " others=";
    for (int i = 0; i < candidates->count; i++) {
        if (candidates->choices[i].solver == chosen || isinf(candidates->choices[i].seconds))
            continue; /* infinite: for those who name it */
        clf_text_add(text, "%s%s:%sms", before, candidates->choices[i].solver->name,
                     clf_number_general(1e3 * candidates->choices[i].seconds, 3).text);
        before = ",";
    }
    clf_text_add(text, ")");
    clf_text_close(text);
}

clf_status clf_planner_check(const clf_context *context, int operand_count, const clf_operand *operands,
                             const clf_plan_options *options, clf_error *error) {
    if ((unsigned)options->effort > CLF_EXHAUSTIVE)
        return clf_fail(error, CLF_INVALID_VALUE, "options.effort is %d; expected a clf_effort", (int)options->effort);
    return clf_operands_check(context, operand_count, operands, error);
}

clf_status clf_planner_idle(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **out, clf_error *error) {
    CLF_TRY(clf_planner_check_wish(operation, options->solver, error));
    CLF_TRY(clf_planner_prepare_idle(context, operation, problem, operand_count, operands, out, error));
    clf_log(context, CLF_LOG_DEBUG, "planned %s", clf_plan_describe(*out));
    return CLF_OK;
}

/* Sees whether an input has no elements, and refuses it where the operation has no sum of nothing. */
static clf_status find_nothing(const clf_operation *operation, int operand_count, const clf_operand *operands,
                               bool *nothing, clf_error *error) {
    *nothing = false;
    for (int i = 0; i < operand_count; i++) {
        if (operands[i].output || operands[i].view.rank == 0 || !clf_view_empty(&operands[i].view))
            continue;
        *nothing = true;
        if (operation->nothing == NULL)
            return clf_fail(error, CLF_INVALID_VIEW,
                            "%s: %s has no elements; expected some, unless no output has any either", operation->name,
                            operands[i].name);
    }
    return CLF_OK;
}

clf_status clf_planner_make(clf_context *context, const clf_operation *operation, const void *problem,
                            int operand_count, const clf_operand *operands, const clf_plan_options *options,
                            clf_plan **out, clf_error *error) {
    CLF_TRY(clf_planner_check(context, operand_count, operands, options, error));
    if (clf_operands_idle(operand_count, operands))
        return clf_planner_idle(context, operation, problem, operand_count, operands, options, out, error);
    clf_candidates candidates;
    bool nothing;
    CLF_TRY(find_nothing(operation, operand_count, operands, &nothing, error));
    CLF_TRY(find_candidates(context, operation, problem, options->solver, nothing, &candidates, error));
    clf_choice choice;
    CLF_TRY(choose(context, operation, problem, operand_count, operands, options, &candidates, &choice, error));
    CLF_TRY(prepare_first(context, operation, problem, operand_count, operands, &candidates, &choice, out, error));
    describe_others(*out, &candidates, choice.solver);
    for (int i = 0; i < candidates.count; i++)
        (*out)->solvers[i] = candidates.choices[i].solver->name;
    clf_log(context, CLF_LOG_DEBUG, "planned %s", clf_plan_describe(*out));
    return CLF_OK;
}
