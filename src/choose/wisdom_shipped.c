/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Wisdom that comes with the library (wisdom/ in its sources): text whose first line is the heading, then a line
 * "class TYPE|PLATFORM|NAME" for the devices it was measured on, parts of their platform's and their own name, then a
 * line an entry, "SOLVER VARIANT PROBLEM". A line that begins with # is a remark.
 */
#include "choose/wisdom.h"
#include "rt/profile.h"

#include <string.h>

static const char heading[] = "clfilter-wisdom-table 1\n";

static bool holds(const char *text, const char *part, size_t length) {
    for (size_t at = 0; text[at] != '\0'; at++)
        if (strncmp(text + at, part, length) == 0)
            return true;
    return length == 0;
}

/* True if `line`, "class TYPE|PLATFORM|NAME", means the device. */
static bool means(const char *line, const clf_device_info *device) {
    const char *type = line + strlen("class "), *platform = strchr(type, '|'), *end = strchr(type, '\n');
    const char *name = platform != NULL ? strchr(platform + 1, '|') : NULL;
    if (strncmp(line, "class ", 6) != 0 || name == NULL || end == NULL || name > end)
        return false;
    const char *own = clf_profile_of(device).name;
    return strlen(own) == (size_t)(platform - type) && strncmp(own, type, strlen(own)) == 0 &&
           holds(device->platform, platform + 1, (size_t)(name - platform - 1)) &&
           holds(device->name, name + 1, (size_t)(end - name - 1));
}

/* Takes "SOLVER VARIANT PROBLEM" where it is the problem and names a candidate. */
static bool take(const char *line, const char *problem, const clf_candidates *candidates, clf_choice *choice) {
    const char *variant = strchr(line, ' '), *text = variant != NULL ? strchr(variant + 1, ' ') : NULL;
    size_t length = strlen(problem);
    if (text == NULL || strncmp(text + 1, problem, length) != 0 || text[1 + length] != '\n')
        return false;
    int number = 0;
    const char *digit = variant + 1;
    for (; *digit >= '0' && *digit <= '9' && number < 1000; digit++)
        number = 10 * number + (*digit - '0');
    if (digit == variant + 1 || digit != text)
        return false;
    for (int i = 0; i < candidates->count; i++) {
        const clf_solver *solver = candidates->choices[i].solver;
        size_t name = strlen(solver->name);
        if (name != (size_t)(variant - line) || strncmp(solver->name, line, name) != 0 ||
            number >= (solver->variants > 1 ? solver->variants : 1))
            continue;
        *choice = (clf_choice){solver, number, candidates->choices[i].seconds};
        return true;
    }
    return false;
}

bool clf_wisdom_find_in(const char *table, const clf_device_info *device, const char *problem,
                        const clf_candidates *candidates, clf_choice *choice) {
    bool ours = false;
    if (strncmp(table, heading, strlen(heading)) != 0)
        return false;
    for (const char *line = table + strlen(heading); *line != '\0'; line = strchr(line, '\n') + 1) {
        if (strchr(line, '\n') == NULL)
            return false; /* cut */
        if (strncmp(line, "class ", 6) == 0)
            ours = means(line, device);
        else if (ours && *line != '#' && take(line, problem, candidates, choice))
            return true;
    }
    return false;
}

bool clf_wisdom_find_shipped(const clf_context *context, const char *problem, const clf_candidates *candidates,
                             clf_choice *choice) {
    for (const char *const *table = clf_wisdom_tables; *table != NULL; table++)
        if (clf_wisdom_find_in(*table, &context->info, problem, candidates, choice))
            return true;
    return false;
}
