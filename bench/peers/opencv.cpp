/* SPDX-License-Identifier: Apache-2.0 */
/* OpenCV: filter2D, sepFilter2D, and Sobel twice with magnitude, on as many threads as the problem allows. */
#include "peers.h"

#include <cstdio>
#include <cstring>
#include <exception>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace {

struct State {
    cv::Mat source, kernel, row, column, answer, dx, dy;
    int border = cv::BORDER_REFLECT_101;
    bench_array result = {};
    bench_array shape = {};
};

void *refuse(char *why, const char *reason) {
    std::snprintf(why, BENCH_WHY, "%s", reason);
    return nullptr;
}

/* OpenCV's name for the line's border; -1 where it has none that these functions take. */
int border_of(const bench_problem *problem) {
    char word[BENCH_WORD];
    bench_word(problem, "border", word);
    const struct {
        const char *name;
        int value;
    } borders[] = {{"", cv::BORDER_REFLECT_101},
                   {"reflect", cv::BORDER_REFLECT_101},
                   {"symmetric", cv::BORDER_REFLECT},
                   {"replicate", cv::BORDER_REPLICATE},
                   {"constant", cv::BORDER_CONSTANT}};
    for (const auto &border : borders)
        if (std::strcmp(word, border.name) == 0)
            return border.value;
    return -1;
}

int type_of(const bench_array &array) {
    if (std::strcmp(array.dtype, "f32") == 0)
        return CV_32F;
    if (std::strcmp(array.dtype, "u8") == 0)
        return CV_8U;
    return std::strcmp(array.dtype, "u16") == 0 ? CV_16U : -1;
}

/* What every function here needs: one plane, a type and a border that it takes. */
State *begin(const bench_problem *problem, char *why) {
    const bench_array &input = problem->input[0];
    int type = type_of(input), border = border_of(problem);
    if (input.rank != 2 || type < 0)
        return static_cast<State *>(refuse(why, "only one plane of f32, u8 or u16"));
    if (border < 0)
        return static_cast<State *>(refuse(why, "it has no such border here"));
    cv::setNumThreads(problem->threads);
    auto *state = new State;
    state->source = cv::Mat(static_cast<int>(input.shape[0]), static_cast<int>(input.shape[1]), type, input.data);
    state->border = border;
    state->shape = problem->output;
    return state;
}

/* The taps as a correlation reads them, in float. */
void take_taps(const bench_problem *problem, State *state) {
    const bench_array &taps = problem->input[1];
    cv::Mat kernel(static_cast<int>(taps.shape[0]), static_cast<int>(taps.shape[1]), CV_32F, taps.data);
    if (bench_operation_is(problem, "conv"))
        cv::flip(kernel, state->kernel, -1);
    else
        state->kernel = kernel;
}

const char *const conv_keys[] = {"k", "border", nullptr};

bool is_filter(const bench_problem *problem, char *why) {
    if (!bench_operation_is(problem, "conv") && !bench_operation_is(problem, "corr"))
        return refuse(why, "only convolution and correlation") != nullptr;
    if (problem->axes != 2 || std::strcmp(problem->input[1].dtype, "f32") != 0)
        return refuse(why, "only two axes, and taps in f32") != nullptr;
    return bench_keys_known(problem, conv_keys, why);
}

void *open_filter2d(const bench_problem *problem, char *why) {
    State *state = is_filter(problem, why) ? begin(problem, why) : nullptr;
    if (state)
        take_taps(problem, state);
    return state;
}

/* The factors of taps of rank one: the column and the row through the greatest. */
void *open_sep_filter2d(const bench_problem *problem, char *why) {
    auto *state = static_cast<State *>(open_filter2d(problem, why));
    if (!state)
        return nullptr;
    cv::Point at;
    double greatest = 0;
    cv::minMaxLoc(cv::abs(state->kernel), nullptr, &greatest, nullptr, &at);
    state->column = state->kernel.col(at.x).clone();
    state->row = state->kernel.row(at.y).clone() / state->kernel.at<float>(at);
    if (cv::norm(state->column * state->row, state->kernel, cv::NORM_INF) <= 1e-5 * greatest)
        return state;
    delete state;
    return refuse(why, "the taps are not the product of two factors");
}

void *open_sobel(const bench_problem *problem, char *why) {
    static const char *const keys[] = {"op", "border", nullptr};
    char word[BENCH_WORD];
    bench_word(problem, "op", word);
    if (!bench_operation_is(problem, "gradient") || std::strcmp(word, "sobel") != 0)
        return refuse(why, "only the magnitude of Sobel's gradient");
    return bench_keys_known(problem, keys, why) ? begin(problem, why) : nullptr;
}

/* OpenCV throws; no exception leaves this file. */
template <typename Function> bool run(Function function) {
    try {
        function();
        return true;
    } catch (const std::exception &) {
        return false;
    }
}

bool execute_filter2d(void *argument) {
    auto *state = static_cast<State *>(argument);
    return run([&] { cv::filter2D(state->source, state->answer, -1, state->kernel, {-1, -1}, 0, state->border); });
}

bool execute_sep_filter2d(void *argument) {
    auto *state = static_cast<State *>(argument);
    return run([&] {
        cv::sepFilter2D(state->source, state->answer, -1, state->row, state->column, {-1, -1}, 0, state->border);
    });
}

bool execute_sobel(void *argument) {
    auto *state = static_cast<State *>(argument);
    return run([&] {
        cv::Sobel(state->source, state->dx, CV_32F, 1, 0, 3, 1, 0, state->border);
        cv::Sobel(state->source, state->dy, CV_32F, 0, 1, 3, 1, 0, state->border);
        cv::magnitude(state->dx, state->dy, state->answer);
    });
}

const bench_array *result(void *argument) {
    auto *state = static_cast<State *>(argument);
    state->result = state->shape;
    state->result.data = state->answer.data;
    return &state->result;
}

void close_state(void *argument) {
    delete static_cast<State *>(argument);
}

} // namespace

#define BENCH_OPENCV_LIBRARY "OpenCV " CV_VERSION

const bench_peer bench_opencv_filter2d = {
    "cv::filter2D", BENCH_OPENCV_LIBRARY, open_filter2d, execute_filter2d, nullptr, result, close_state, false};
const bench_peer bench_opencv_sep_filter2d = {"cv::sepFilter2D", BENCH_OPENCV_LIBRARY,
                                              open_sep_filter2d, execute_sep_filter2d,
                                              nullptr,           result,
                                              close_state,       false};
const bench_peer bench_opencv_sobel_magnitude = {
    "cv::Sobel, magnitude", BENCH_OPENCV_LIBRARY, open_sobel, execute_sobel, nullptr, result, close_state, false};
