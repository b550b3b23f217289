/* SPDX-License-Identifier: Apache-2.0 */
/* The registry told to users: operations, and the keys of their lines. */
#include "ops/registry.h"

static const clf_line_table *table_at(size_t index) {
    for (size_t i = 0; clf_operations[i] != NULL; i++)
        if (i == index)
            return clf_operations[i]->line;
    return NULL;
}

bool clf_line_operation_at(size_t index, clf_line_operation *operation) {
    const clf_line_table *table = table_at(index);
    if (table == NULL || operation == NULL)
        return false;
    size_t keys = 0;
    while (table->keys[keys].name != NULL)
        keys++;
    *operation = (clf_line_operation){table->name, table->shape, table->summary, keys};
    return true;
}

/* Every operation has the same borders, so that keys do not list them. */
static const char *const border_names[] = {CLF_BORDER_TABLE(CLF_NAME_OF) NULL};

bool clf_line_key_at(size_t operation, size_t index, clf_line_key *key) {
    clf_line_operation found;
    if (key == NULL || !clf_line_operation_at(operation, &found) || index >= found.key_count)
        return false;
    const clf_key *row = &table_at(operation)->keys[index];
    bool border = row->kind == CLF_KEY_BORDER;
    *key =
        (clf_line_key){row->name, row->value, row->help, border ? border_names : row->names, row->each_axis || border};
    return true;
}
