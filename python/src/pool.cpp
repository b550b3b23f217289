/* SPDX-License-Identifier: Apache-2.0 */
/* Plans that may be used again, by problem. */
#include "pool.h"

namespace clf_python {

/* Scratch memory and OpenCL kernels are kept with a plan, and the taps of its kernel with its problem. */
constexpr std::size_t most_plans = 128, most_problem_bytes = std::size_t{64} << 20;

void pool::forget(entries::iterator which) {
    auto [first, last] = found.equal_range(which->problem);
    for (; first != last; ++first)
        if (first->second == which) {
            found.erase(first);
            break;
        }
    bytes -= which->problem.size();
}

planned_pointer pool::take(const std::string &problem) {
    const std::lock_guard<std::mutex> guard(lock);
    const auto position = found.find(problem);
    if (position == found.end())
        return nullptr;
    const entries::iterator which = position->second;
    planned_pointer plan = std::move(which->plan);
    bytes -= which->problem.size();
    found.erase(position);
    idle.erase(which);
    return plan;
}

pool::entries pool::trim() {
    entries removed;
    while (idle.size() > most_plans || (bytes > most_problem_bytes && idle.size() > 1)) {
        forget(std::prev(idle.end()));
        removed.splice(removed.begin(), idle, std::prev(idle.end()));
    }
    return removed;
}

void pool::put(std::string problem, planned_pointer plan) {
    entries removed; /* destroyed after the lock is released */
    const std::lock_guard<std::mutex> guard(lock);
    bytes += problem.size();
    idle.push_front({std::move(problem), std::move(plan)});
    found.emplace(idle.front().problem, idle.begin());
    removed = trim();
}

void pool::clear() {
    entries removed;
    const std::lock_guard<std::mutex> guard(lock);
    found.clear();
    bytes = 0;
    removed.swap(idle);
}

std::size_t pool::size() {
    const std::lock_guard<std::mutex> guard(lock);
    return idle.size();
}

} // namespace clf_python
