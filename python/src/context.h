/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts: a device, its queue, and the plans that were made for it and are kept. */
#ifndef CLF_PYTHON_CONTEXT_H
#define CLF_PYTHON_CONTEXT_H

#include "pool.h"

#include <clfilter/clfilter.h>
#include <memory>
#include <nanobind/nanobind.h>
#include <sys/types.h>

namespace clf_python {

/* A context and what lives as long as it. Plans and arrays share it, so it goes after them. */
struct context {
    clf_context *handle = nullptr;
    pid_t process = 0;       /* that made it: OpenCL does not survive a fork */
    PyObject *log = nullptr; /* what takes the library's messages, or NULL */
    pool plans;

    context() = default;
    context(const context &) = delete;
    context &operator=(const context &) = delete;
    ~context();

    /* Raises in a process that was forked from the one that made it. */
    void check_process() const;
    bool foreign() const;
};

using context_pointer = std::shared_ptr<context>;

void define_context(nanobind::module_ &module);

} // namespace clf_python

#endif
