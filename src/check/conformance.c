/* SPDX-License-Identifier: Apache-2.0 */
/* Conformance: case lines run with every solver, on a context of the caller's. */
#include "check/conformance.h"

#include "check/case.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Libraries build their transforms for each extent anew, for seconds: what they solve has one and the same. */
const char *const conformance_lines[] = {
    "conv f32 3x60x101 k=3x3 border=reflect",
    "conv f32 3x60x101 k=3x3 taps=rank1 border=periodic",
    "corr f32 60x101 k=5x4 border=constant,symmetric cval=2 origin=1,-1",
    "conv f32 60x101 k=3x3 border=replicate mode=full stride=2,3 dilation=3,2",
    "corr u8 3x60x101 k=3x3 border=replicate src_layout=interleaved dst_layout=interleaved",
    "corr u16 60x101 k=3x3 dst=f32 border=symmetric",
    "conv f16 60x101 k=3x3 border=reflect",
    "conv f64 60x101 k=3x3 border=reflect",
    "conv f32 60x101 k=3x3 data=special border=reflect",
    "corr f32 2x300 k=9 border=periodic",
    "corr f32 9x20x33 k=3x3x3 border=reflect",
    "corr f32 60x101 k=5x5 kernel=view border=constant mode=valid",
    "corr f32 2x6x30x41 k=8x6x3x3 bias=1 border=constant",
    "corr f32 2x6x30x41 k=6x1x3x3 groups=6 border=reflect",
    "conv_adjoint f32 40x61 k=3x3 border=symmetric stride=2,1",
    "conv_adjoint f32 2x6x20x31 k=8x6x3x3 border=constant",
    "conv_weights f32 2x6x20x31 k=8x6x3x3 bias=1 border=reflect",
    "fconv f32 90x131 k=15x15 border=reflect",
    "fconv f32 2x60x101 k=7x6 border=constant cval=1 mode=full",
    "fcorr f64 60x101 k=9x9 border=periodic",
    "fftconv f32 24x30 k=9x9 border=periodic",
    "gradient f32 3x60x101 out=magnitude border=reflect",
    "gradient f32 3x60x101 op=sobel out=orientation border=periodic",
    "gradient f32 9x20x33 op=scharr axes=3 out=dz border=replicate",
    "gradient f32 60x101 op=gaussian:1.5 out=dx border=symmetric",
    "gradient u8 60x101 op=sobel out=l1 border=constant cval=1",
    "gradient_backward f32 2x40x61 op=sobel of=grad_dst border=reflect eps=0.001",
    "laplace f32 2x60x101 border=reflect",
    "laplace u8 60x101 op=gaussian:1.5 border=constant cval=9",
    "laplace f32 9x20x33 axes=3 border=periodic",
    "structure f32 2x40x61 sigma=1.5 border=symmetric",
    "structure f32 2x40x61 harris=k:0.05 border=constant",
    "canny f32 2x60x101 low=0.4 high=1.1 border=reflect",
    "canny u8 60x101 sigma=1.5 border=constant",
    "match f32 2x60x101 k=5x4 border=constant mode=valid",
    "normalised f32 2x40x61 k=5x4 border=reflect",
    "normalised u8 40x61 k=5x4 mode=valid",
    "smoothness f32 2x3x40x61 with=loss",
    "smoothness f32 2x3x40x61 norm=mean-abs order=2 with=grad_image reduction=per-axis-mean",
#if defined(CLF_HAS_VKFFT) || defined(CLF_HAS_CLFFT)
    "phase f32 24x30",
    "fourier_shift f32 24x30 by=0.5,-1.25",
#endif
    "take f32 20x30x25 axis=2 count=5 place=host",
    "take u8 20x30x25 axis=0 count=50 mode=wrap place=device index=i32",
    "put_add f32 20x30x25 axis=1 count=70 place=host",
    "pinv f32 500x2x4",
    "pinv f32 100x5x3 data=integer rank=2",
    "inv f32 500x3x3",
    "det f32 500x4x4",
    "solve f32 200x4x4 right=2",
    "lstsq f32 200x5x3",
    "shift f32 3x60x101 by=0,-7,13 border=periodic",
    "shift u8 60x101 by=3,-5 border=constant cval=9",
    "shift f32 60x101 by=0.5,-1.25 method=linear border=reflect",
    "shift f32 60x101 by=0.5,-1.25 method=cubic border=replicate",
    NULL,
};

/* Runs one solver; false if it does not take the line. */
static bool run_solver(const test_fixture *shared, test_case *test, const char *solver, const char *line,
                       conformance_report report, void *user) {
    char why[WHY_LENGTH] = "";
    test_observation observed = {.seconds = (double)NAN, .error = (double)NAN};
    test_fixture fixture = *shared;
    fixture.observed = &observed;
    outcome result = case_run(&fixture, test, solver, why);
    if (result == OUTCOME_NOT_APPLICABLE) {
        return false;
    }
    const conformance_result found = {.operation = test->operation->name,
                                      .solver = solver,
                                      .line = line,
                                      .passed = result == OUTCOME_PASSED,
                                      .error = observed.error,
                                      .seconds = observed.seconds,
                                      .why = why};
    report(user, &found);
    return true;
}

conformance_end conformance_run(clf_context *context, const char *line, conformance_report report, void *user,
                                char *why) {
    const test_fixture fixture = {
        .context = context, .guard = FIXTURE_GUARD, .has_f64 = clf_context_device(context)->has_f64};
    test_case test;
    bool good = case_parse(line, &test, why), lacking = good && test.input[0].dtype == CLF_F64 && !fixture.has_f64;
    int taken = 0;
    if (good && !lacking) {
        good = case_fill(&test, why);
        for (int i = 0; good && test.operation->solvers[i] != NULL; i++) {
            const char *solver = test.operation->solvers[i];
            if (test.solver[0] == '\0' || strcmp(test.solver, solver) == 0) {
                taken += run_solver(&fixture, &test, solver, line, report, user);
            }
        }
        if (good && taken == 0) {
            (void)snprintf(why, WHY_LENGTH, "no solver takes this line");
            good = false;
        }
    }
    case_close(&test);
    if (good) {
        return CONFORMANCE_RAN;
    }
    return strstr(why, LINE_NO_MEMORY) != NULL ? CONFORMANCE_NO_MEMORY : CONFORMANCE_WRONG_LINE;
}

bool conformance_every_line(bool (*visit)(void *user, const char *line), void *user) {
    bool good = true, more = true;
    for (int i = 0; operations[i] != NULL && good && more; i++) {
        line_batch batch = {.count = 0};
        operations[i]->systematic(&batch);
        for (size_t k = 0; k < batch.count && more; k++) {
            more = visit(user, batch.lines[k]);
        }
        good = !batch.failed;
        batch_free(&batch);
    }
    return good;
}
