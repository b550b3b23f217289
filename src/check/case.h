/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cases: one case line made into inputs, an expected output in double and the error allowed for each element, then run
 * with one solver and judged. An operation is one row of the table in operations.c and one file that fills it.
 */
#ifndef CLF_CHECK_CASE_H
#define CLF_CHECK_CASE_H

#include "check/line.h"
#include "check/random.h"
#include "check/tensor.h"
#include "ops/keys.h"

/* The first is the tensor that is filtered; a convolution has its kernel, a bias or up to three factors besides. */
#define CASE_INPUTS 5

/* What the inputs hold. */
typedef enum data_kind {
    DATA_RANDOM,  /* uniform over the type's range, -1..1 for real types */
    DATA_INTEGER, /* small whole numbers: every sum is exact, so the answer is one number */
    DATA_SPECIAL, /* random with NaN, Inf and -Inf strewn in */
    DATA_STEP,    /* ones in the left half of the rows, zeros in the right */
    DATA_ALIKE    /* one number everywhere: rounding errors of its sums do not cancel */
} data_kind;

/* What is strewn among it, and how much of it: far beyond 1 or near the end of the range, of both signs, and so on. */
typedef enum bad_kind { BAD_NONE, BAD_FAR, BAD_TOP, BAD_NAN, BAD_INF, BAD_INFS, BAD_MIXED } bad_kind;
typedef enum share_kind { SHARE_ONE, SHARE_HUNDREDTH, SHARE_THIRD, SHARE_BLOCK, SHARE_ALL } share_kind;

extern const char *const bad_names[], *const share_names[];
extern const char *const data_names[];
extern const char *const dtype_names[];  /* position: clf_dtype */
extern const char *const border_names[]; /* position: clf_border */

typedef enum outcome { OUTCOME_PASSED, OUTCOME_FAILED, OUTCOME_NOT_APPLICABLE } outcome;

typedef struct test_operation test_operation;
typedef struct test_property test_property;

typedef struct test_case {
    const test_operation *operation;
    const test_property *property; /* what is checked instead of the reference; NULL for most lines */
    char text[LINE_LENGTH];        /* the line, as given */
    char solver[32];               /* the only solver to run; empty: each in turn */
    tensor_spec input[CASE_INPUTS];
    int inputs;
    tensor_spec output;
    int axes; /* last axes that are filtered */
    data_kind data;
    int magnitude;        /* what the first input's random elements are multiplied by: 2 to this */
    int second_magnitude; /* and the second's; 0 unless the operation reads it */
    bad_kind bad;
    share_kind share;
    uint64_t seed;
    bool cpu_only;               /* class=cpu: what it is about happens on no other class of device */
    void *spec;                  /* the operation's own parameters, from parse; freed with free */
    double *values[CASE_INPUTS]; /* what the inputs hold, in C order, as stored */
    double *expected;            /* the output, unrounded */
    double *tolerance;           /* absolute error allowed; 0: the expected value rounded to the type, exactly */
    bool infinity_or_nan;        /* an infinity may come out as NaN: the solver adds terms of either sign */
} test_case;

/* Lines that an operation proposes. */
typedef struct line_batch {
    char **lines;
    size_t count, capacity;
    bool failed;
} line_batch;

__attribute__((format(printf, 2, 3))) void batch_add(line_batch *batch, const char *format, ...);
void batch_free(line_batch *batch);

/* A line grown piece by piece, for lines whose words are drawn at random: one draw a call keeps their order. */
typedef struct line_draft {
    char text[LINE_LENGTH];
    size_t length;
} line_draft;

__attribute__((format(printf, 2, 3))) void draft_add(line_draft *draft, const char *format, ...);

struct test_operation {
    const char *name;           /* first word of its lines */
    const char *const *solvers; /* their names, the one that solves everything first, ended by NULL */

    /* Reads the rest of a line (its first word is read) into test: input, output, data, spec. */
    void (*parse)(case_line *line, test_case *test);
    /* Fills test->values from the seed. */
    void (*fill)(test_case *test);
    /* Fills test->expected and test->tolerance. */
    void (*reference)(const test_case *test);
    /* Makes a plan that reads `inputs` and writes `output`. */
    clf_status (*plan)(const test_fixture *fixture, const test_case *test, const test_tensor *inputs,
                       const test_tensor *output, const char *solver, clf_plan **plan, clf_error *error);
    /* Runs the case with one solver and judges it; case_judge does. */
    outcome (*run)(const test_fixture *fixture, const test_case *test, const char *solver, char *why);

    /* What one execution costs at least; NULL if that has no meaning. The bytes are most often case_bytes'. */
    double (*bytes)(const test_case *test);
    double (*flops)(const test_case *test);

    void (*systematic)(line_batch *batch); /* lines that cover what can be covered in order */
    void (*small)(line_batch *batch);      /* a few tiny lines, for an interpreter that checks every access */
    void (*random)(line_batch *batch, random_state *state); /* one more line */

    /* A part of another operation's solvers: that one's lines see to what the planner chooses, perhaps another. */
    bool part;
};

/* Every operation, ended by NULL. */
extern const test_operation *const operations[];

const test_operation *operation_find(const char *name);

/* Something that holds of any data: "shift conv f32 12x16 k=3x3 border=periodic" names one before the line. */
struct test_property {
    const char *name;
    outcome (*run)(const test_fixture *fixture, const test_case *test, const char *solver, char *why);
    void (*systematic)(line_batch *batch);
};

/* Every property, ended by a NULL name. */
extern const test_property properties[];

const test_property *property_find(const char *name);

/* Reads a line without making its data. False, and `why`, where it is wrong. Release with case_close in any case. */
bool case_parse(const char *text, test_case *test, char *why);
/* The same of a line that is split, its first word the operation's (NULL: none, which is a mistake). */
bool case_read(case_line *line, const test_operation *operation, test_case *test, char *why);
/* Makes inputs and reference of a parsed case. */
bool case_fill(test_case *test, char *why);
/*
 * Says where operands lie that are made from now on. Those of dense layout begin on a cache line, as ordinary buffers
 * do; at `odd` offsets every operand begins an odd number of elements further on, each another number.
 */
void case_place(test_case *test, bool odd);
void case_close(test_case *test);

/*
 * The words every line shares: dtype and shape (words 1 and 2), dst=,
 * src_layout= or src_strides=, dst_layout= or dst_strides=, data=, magnitude=, bad=, share=, seed=, solver=, class=.
 */
void case_parse_common(case_line *line, test_case *test);

/* An exponent of 2 that elements of `dtype` are multiplied by: magnitude= and keys like it. */
int case_parse_magnitude(case_line *line, const char *key, clf_dtype dtype);

/* Reads the keys of an operation into its zeroed words, shape and dtype being those of the first input. */
void case_read_keys(case_line *line, const test_case *test, const clf_line_table *table, void *words);

/* Strews into the first input what bad= and share= say. */
void case_strew(test_case *test);

/* Fills input `index`; DATA_INTEGER stays within -limit..limit, or 0..limit where unsigned. */
void case_fill_input(test_case *test, int index, data_kind data, double limit);

/* An execution's tensors: made, sent, and later fetched and checked. */
typedef struct case_operands {
    test_tensor input[CASE_INPUTS];
    test_tensor output;
} case_operands;

bool operands_create(const test_fixture *fixture, const test_case *test, case_operands *operands, char *why);
void operands_destroy(case_operands *operands);

/*
 * Plans with `solver` (NULL: the planner's choice) and leaves the plan in `plan`. OUTCOME_PASSED: there is a plan.
 */
outcome case_plan(const test_fixture *fixture, const test_case *test, const case_operands *operands, const char *solver,
                  clf_plan **plan, char *why);

/* Executes, fetches every tensor, and checks that inputs and everything outside the output view are untouched. */
bool case_execute(const test_fixture *fixture, const test_case *test, clf_plan *plan, case_operands *operands,
                  char *why);

/* Compares what was fetched with what was expected. */
bool case_compare(const test_case *test, const test_tensor *output, char *why);

/* Tells the fixture's observer, where there is one, the greatest error by the test's tolerances. */
void case_observe(const test_fixture *fixture, const test_case *test, const test_tensor *output);

/* All of the above: a case run and judged against its reference. */
outcome case_judge(const test_fixture *fixture, const test_case *test, const char *solver, char *why);

/*
 * Runs a case, or the property that its line names, with one solver: where ordinary buffers lie and then, unless a
 * memory checker watches (guard 0), which has none of the paths that differ there and no time, at odd offsets.
 */
outcome case_run(const test_fixture *fixture, test_case *test, const char *solver, char *why);

/* Every input read once, the output written once. */
double case_bytes(const test_case *test);

#endif
