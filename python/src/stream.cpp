/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streamed plans, which may take minutes. The library works on a thread of its own, without the interpreter; the
 * caller's looks for signals and calls `progress` meanwhile. Outputs are written by a function, because that is where
 * a stream can be told to end.
 */
#include "error.h"
#include "execute.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

namespace nb = nanobind;

namespace clf_python {

namespace {

constexpr auto between_looks = std::chrono::milliseconds(50);

struct stream {
    const std::vector<clf_array> &arrays; /* of all operands */
    std::mutex lock;
    std::condition_variable changed;
    bool cancelled = false, ended = false;
    int64_t done = 0, total = 0;
    clf_status status = CLF_OK;
    clf_error error = {};
};

clf_status write_part(void *user, const clf_part *part, const clf_array *from, clf_error *error) {
    auto *it = static_cast<stream *>(user);
    {
        const std::lock_guard<std::mutex> guard(it->lock);
        if (it->cancelled) {
            error->code = CLF_DEVICE_ERROR;
            std::snprintf(error->message, sizeof error->message, "the stream was interrupted");
            return CLF_DEVICE_ERROR;
        }
    }
    clf_array to = it->arrays[(std::size_t)part->operand];
    to.data = static_cast<char *>(to.data) + part->first * to.strides[part->axis] * (int64_t)clf_dtype_bytes(to.dtype);
    to.shape[part->axis] = part->count;
    return clf_array_copy(from, &to, error);
}

void note_progress(void *user, int64_t done, int64_t total) {
    auto *it = static_cast<stream *>(user);
    const std::lock_guard<std::mutex> guard(it->lock);
    it->done = done;
    it->total = total;
    it->changed.notify_one();
}

void run(stream *it, clf_plan *plan, const clf_host_desc *desc) {
    clf_error error = {};
    const clf_status status = clf_execute_host(plan, desc, &error);
    const std::lock_guard<std::mutex> guard(it->lock);
    it->status = status;
    it->error = error;
    it->ended = true;
    it->changed.notify_one();
}

/* Waits until there is something to say, but not long; true at the end. */
bool wait(stream *it, int64_t said) {
    const nb::gil_scoped_release released;
    std::unique_lock<std::mutex> held(it->lock);
    it->changed.wait_for(held, between_looks, [&] { return it->ended || it->done != said; });
    return it->ended;
}

/* Calls `progress` and looks for signals until the end; raises what they raise. */
void watch(stream *it, nb::handle progress) {
    int64_t said = 0;
    for (bool ended = false; !ended;) {
        ended = wait(it, said);
        if (PyErr_CheckSignals() != 0)
            throw nb::python_error();
        int64_t done, total;
        {
            const std::lock_guard<std::mutex> guard(it->lock);
            done = it->done;
            total = it->total;
        }
        if (done != said && !progress.is_none())
            progress(done, total);
        said = done;
    }
}

} // namespace

void execute_streamed(clf_plan *plan, const std::vector<clf_array> &arrays, nb::handle progress) {
    stream it{arrays};
    std::vector<clf_array> inputs = arrays;
    for (std::size_t i = 0; i < inputs.size(); i++) {
        clf_plan_operand_info info = {};
        clf_error error = {};
        check(clf_plan_operand(plan, i, &info, &error), error);
        if (info.output)
            inputs[i] = {};
    }
    clf_host_desc desc = {};
    desc.arrays = inputs.data();
    desc.array_count = inputs.size();
    desc.write = write_part;
    desc.progress = note_progress;
    desc.user = &it;
    std::thread worker(run, &it, plan, &desc);
    const auto join = [&] {
        const nb::gil_scoped_release released;
        worker.join();
    };
    try {
        watch(&it, progress);
    } catch (...) {
        {
            const std::lock_guard<std::mutex> guard(it.lock);
            it.cancelled = true;
        }
        join();
        throw;
    }
    join();
    check(it.status, it.error);
}

} // namespace clf_python
