/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oneDNN: the forward convolution of a bank, (N, I, H, W) by (O, I, KH, KW), no bias, in the memory formats that it
 * chooses itself; bringing tensors into those formats and back is not timed. Zeros beyond the border.
 */
#include "peers.h"

#include <cstdio>
#include <cstring>
#include <dnnl.hpp>
#include <omp.h>
#include <string>
#include <vector>

namespace {

using dnnl::memory;

struct State {
    dnnl::engine engine{dnnl::engine::kind::cpu, 0};
    dnnl::stream stream{engine};
    dnnl::convolution_forward convolution;
    memory source, taps, answer;
    std::vector<float> plain;
    bench_array result = {};
    int threads = 1;
};

memory::dims dims_of(const bench_array &array) {
    return memory::dims(array.shape, array.shape + array.rank);
}

memory plain_memory(const State &state, const bench_array &array, void *data) {
    memory::desc desc(dims_of(array), memory::data_type::f32, memory::format_tag::abcd);
    return memory(desc, state.engine, data);
}

/* `from` in the format of `wanted`. */
memory reordered(State &state, memory from, const memory::desc &wanted) {
    memory to(wanted, state.engine);
    dnnl::reorder(from, to).execute(state.stream, from, to);
    state.stream.wait();
    return to;
}

void prepare(State &state, const bench_problem *problem) {
    const bench_array &input = problem->input[0], &taps = problem->input[1], &output = problem->output;
    auto any = [](const bench_array &array) {
        return memory::desc(dims_of(array), memory::data_type::f32, memory::format_tag::any);
    };
    /* Padding as a centred window of K taps has it: K/2 before, whatever is left over after. */
    memory::dims before, after;
    for (int axis = 2; axis < 4; axis++) {
        before.push_back(taps.shape[axis] / 2);
        after.push_back(output.shape[axis] - input.shape[axis] + taps.shape[axis] - 1 - taps.shape[axis] / 2);
    }
    dnnl::convolution_forward::desc desc(dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct,
                                         any(input), any(taps), any(output), {1, 1}, before, after);
    dnnl::convolution_forward::primitive_desc primitive(desc, state.engine);
    state.convolution = dnnl::convolution_forward(primitive);
    state.source = reordered(state, plain_memory(state, input, input.data), primitive.src_desc());
    state.taps = reordered(state, plain_memory(state, taps, taps.data), primitive.weights_desc());
    state.answer = memory(primitive.dst_desc(), state.engine);
    state.plain.resize(static_cast<size_t>(bench_count(&output)));
    state.result = output;
    state.result.data = state.plain.data();
}

bool fits(const bench_problem *problem, char *why) {
    static const char *const keys[] = {"k", "border", nullptr};
    char border[BENCH_WORD];
    bench_word(problem, "border", border);
    if (bench_operation_is(problem, "corr") && std::strcmp(border, "constant") == 0 && problem->inputs == 2 &&
        problem->input[0].rank == 4 && problem->input[1].rank == 4 && std::strcmp(problem->input[0].dtype, "f32") == 0)
        return bench_keys_known(problem, keys, why);
    std::snprintf(why, BENCH_WHY,
                  "only the correlation of a bank over (N, C, H, W) in f32 with zeros beyond the border");
    return false;
}

void *open_onednn(const bench_problem *problem, char *why) {
    if (!fits(problem, why))
        return nullptr;
    auto *state = new State;
    try {
        state->threads = problem->threads;
        omp_set_num_threads(problem->threads);
        prepare(*state, problem);
        return state;
    } catch (const dnnl::error &error) {
        std::snprintf(why, BENCH_WHY, "%s", error.what());
        delete state;
        return nullptr;
    }
}

bool execute_onednn(void *argument) {
    auto *state = static_cast<State *>(argument);
    try {
        omp_set_num_threads(state->threads);
        state->convolution.execute(
            state->stream,
            {{DNNL_ARG_SRC, state->source}, {DNNL_ARG_WEIGHTS, state->taps}, {DNNL_ARG_DST, state->answer}});
        state->stream.wait();
        return true;
    } catch (const dnnl::error &) {
        return false;
    }
}

const bench_array *result(void *argument) {
    auto *state = static_cast<State *>(argument);
    memory plain = plain_memory(*state, state->result, state->plain.data());
    dnnl::reorder(state->answer, plain).execute(state->stream, state->answer, plain);
    state->stream.wait();
    return &state->result;
}

void close_onednn(void *argument) {
    delete static_cast<State *>(argument);
}

const std::string library = "oneDNN " + std::to_string(DNNL_VERSION_MAJOR) + "." + std::to_string(DNNL_VERSION_MINOR) +
                            "." + std::to_string(DNNL_VERSION_PATCH);

} // namespace

const bench_peer bench_onednn = {"oneDNN", library.c_str(), open_onednn,  execute_onednn,
                                 nullptr,  result,          close_onednn, false};
