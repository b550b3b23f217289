/* SPDX-License-Identifier: Apache-2.0 */
/* input.c: opening a file to read. */
#include "input.h"

#include "base/locale.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool input_open(const char *path, input_file *input, cli_error *error) {
    if (!*path)
        return cli_fail(error, "a file's name is empty");
    /* Not blocking: a named pipe is to be refused, not waited for. */
    const int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return cli_fail(error, "%s", clf_locale_reason(errno));
    struct stat status;
    if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(descriptor);
        return cli_fail(error, "not a regular file");
    }
    FILE *file = fdopen(descriptor, "rb");
    if (!file) {
        close(descriptor);
        return cli_fail(error, "cannot be opened: %s", clf_locale_reason(errno));
    }
    *input = (input_file){.file = file, .size = (int64_t)status.st_size};
    return true;
}
