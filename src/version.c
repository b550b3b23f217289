/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the linked library. */
#include <clfilter/version.h>

const char *clf_version(void) {
    return CLF_VERSION_STRING;
}
