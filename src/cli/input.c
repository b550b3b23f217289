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
    const bool known = fstat(descriptor, &status) == 0, regular = known && S_ISREG(status.st_mode);
    FILE *file = regular ? fdopen(descriptor, "rb") : NULL;
    const int reason = errno;
    if (file) {
        *input = (input_file){.file = file, .size = (int64_t)status.st_size};
        return true;
    }
    close(descriptor);
    if (known && !regular)
        return cli_fail(error, S_ISDIR(status.st_mode) ? "is a folder; expected a file" : "not a regular file");
    return cli_fail_file(error, "opened", reason);
}

bool input_fail(FILE *file, const char *ended, cli_error *error) {
    const int reason = errno;
    return ferror(file) ? cli_fail_file(error, "read", reason) : cli_fail(error, "%s", ended);
}
