/* SPDX-License-Identifier: Apache-2.0 */
/* The public headers from C++: the version linked is the version compiled against, and calls link and answer. */
#include <clfilter/clfilter.h>
#include <cstdio>
#include <cstring>

int main() {
    if (std::strcmp(clf_version(), CLF_VERSION_STRING) != 0) {
        std::printf("headers %s, library %s\n", CLF_VERSION_STRING, clf_version());
        return 1;
    }
    clf_convolve_desc desc = {};
    desc.border[0] = CLF_BORDER_PERIODIC;
    clf_plan *plan = nullptr;
    clf_error error = {};
    const clf_status status = clf_plan_convolve(nullptr, &desc, &plan, &error);
    if (status != CLF_NULL_ARGUMENT || error.code != status || plan != nullptr) {
        std::printf("a NULL context gave %s: %s\n", clf_status_name(status), error.message);
        return 1;
    }
    return 0;
}
