/* SPDX-License-Identifier: Apache-2.0 */
/* Plans executed on what a call brings: on the host, streamed or whole, and on the device. */
#ifndef CLF_PYTHON_EXECUTE_H
#define CLF_PYTHON_EXECUTE_H

#include "request.h"

namespace clf_python {

/*
 * Executes a plan on the tensors of a request that it can serve. On host memory it returns when the results are there;
 * `progress`, unless it is None, is then called with what is done and the total. On the device it does not wait:
 * `wait_list` are the addresses of cl_events to wait for, and the result is that of a cl_event, owned by the caller,
 * if `with_event`; otherwise 0.
 */
std::uintptr_t execute(const planned &plan, const request &call, nanobind::handle progress,
                       const std::vector<std::uintptr_t> &wait_list, bool with_event);

/* A streamed plan, which Ctrl-C and exceptions of `progress` end before its end. */
void execute_streamed(clf_plan *plan, const std::vector<clf_array> &arrays, nanobind::handle progress);

} // namespace clf_python

#endif
