/* SPDX-License-Identifier: Apache-2.0 */
/* The smallest program that needs the library: the version linked is the version compiled against. */
#include <clfilter/clfilter.h>
#include <string.h>

int main(void) {
    return strcmp(clf_version(), CLF_VERSION_STRING) != 0;
}
