/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clf_interrupt [--ignored] PROGRAM ARGUMENT...: starts the program as a terminal would, waits until it writes a
 * temporary file into this folder, and sends it what Ctrl-C sends. Exits 0 where that ended it and the file is gone.
 * (Shells start what runs in the background with the signal ignored.)
 *
 * --ignored: starts it as a shell does in the background; exits 0 where it goes on to its end, and well.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TRIES = 2000 }; /* of ten milliseconds */

static bool temporary_there(void) {
    bool found = false;
    DIR *folder = opendir(".");
    for (const struct dirent *item; folder && (item = readdir(folder)) != NULL;)
        found = found || strstr(item->d_name, ".tmp") != NULL;
    if (folder)
        closedir(folder);
    return found;
}

static int complain(const char *what) {
    fprintf(stderr, "clf_interrupt: %s\n", what);
    return 1;
}

int main(int count, char **arguments) {
    int status = 0;
    const bool ignored = count > 1 && strcmp(arguments[1], "--ignored") == 0;
    arguments += 1 + ignored;
    if (count < 2 + ignored)
        return complain("a program is missing");
    const pid_t child = fork();
    if (child == 0) {
        signal(SIGINT, ignored ? SIG_IGN : SIG_DFL);
        execv(arguments[0], arguments);
        _exit(127);
    }
    for (int i = 0; i < MOST_TRIES && !temporary_there(); i++) {
        if (child < 0 || waitpid(child, &status, WNOHANG) != 0)
            return complain("the program ended before it wrote anything");
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
    kill(child, SIGINT);
    if (waitpid(child, &status, 0) != child)
        return complain("the program is lost");
    if (ignored && !(WIFEXITED(status) && WEXITSTATUS(status) == 0))
        return complain("the program did not go on to its end");
    if (!ignored && !(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT))
        return complain("the program was not ended by the signal");
    return temporary_there() ? complain("a temporary file is left") : 0;
}
