/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans that may be used again, by problem. A plan belongs to one thread at a time: whoever takes it out has it alone
 * until it is put back, and a thread that finds none makes one of its own.
 */
#ifndef CLF_PYTHON_POOL_H
#define CLF_PYTHON_POOL_H

#include <clfilter/clfilter.h>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clf_python {

/* A plan, and where its operands are among the fields of the descriptor it was made from. */
struct planned {
    clf_plan *plan = nullptr;
    std::vector<int> fields; /* of the operation's table, in the order of the operands; -1: none */

    planned() = default;
    planned(const planned &) = delete;
    planned &operator=(const planned &) = delete;
    ~planned() {
        clf_plan_destroy(plan);
    }
};

using planned_pointer = std::unique_ptr<planned>;

/* Idle plans, the least recently used of which go first. Any thread. */
class pool {
  public:
    /* The plan of a problem, if there is an idle one; it is no longer in the pool. */
    planned_pointer take(const std::string &problem);
    /* Puts a plan into the pool; those beyond its limits are destroyed. */
    void put(std::string problem, planned_pointer plan);
    void clear();
    std::size_t size();

  private:
    struct entry {
        std::string problem;
        planned_pointer plan;
    };
    using entries = std::list<entry>;

    /* Takes the entries that are too many off the end, for the caller to destroy without the lock. */
    entries trim();
    void forget(entries::iterator which);

    std::mutex lock;
    entries idle; /* the most recently used first */
    std::unordered_multimap<std::string_view, entries::iterator> found;
    std::size_t bytes = 0; /* of problems */
};

} // namespace clf_python

#endif
