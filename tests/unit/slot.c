/* SPDX-License-Identifier: Apache-2.0 */
/* Slots: what rooms keep in a context is found by its owner alone, and released once, what works first. */
#include "rt/slot.h"
#include "unit.h"

static char order[8];

static void note(char letter) {
    size_t length = strlen(order);
    assert_true(length + 1 < sizeof order);
    order[length] = letter;
}

static void release_kept(void *object) {
    note(*(const char *)object);
}

static void release_working(void *object) {
    note(*(const char *)object);
}

static const clf_slot kept = {release_kept, false}, other = {release_kept, false}, working = {release_working, true};

static void owners(void **state) {
    (void)state;
    clf_error error = {0};
    clf_context *context = NULL;
    char a = 'a', b = 'b', w = 'w';
    memset(order, 0, sizeof order);
    check_ok(clf_context_create(NULL, &context, &error));
    assert_null(clf_slot_get(context, &kept));
    check_ok(clf_slot_put(context, &kept, &b, &error));
    check_ok(clf_slot_put(context, &working, &w, &error));
    assert_ptr_equal(clf_slot_get(context, &kept), &b);
    assert_null(clf_slot_get(context, &other)); /* a slot like it, but not it */
    check_ok(clf_slot_put(context, &kept, &a, &error));
    check_ok(clf_slot_put(context, &other, NULL, &error));
    assert_ptr_equal(clf_slot_get(context, &kept), &a);
    assert_ptr_equal(clf_slot_get(context, &working), &w);
    assert_string_equal(order, "");
    clf_context_destroy(context);
    assert_string_equal(order, "wa");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(owners)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
