/* SPDX-License-Identifier: Apache-2.0 */
/* test_npy.c: .npy files: what is read and written, and every way in which a header can be wrong. */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An .npy file of this version with this header text (padded to a line) and data. */
static void write_npy(const char *name, int version, const char *header, const void *data, size_t data_bytes) {
    unsigned char bytes[4096];
    const size_t prefix = version == 1 ? 10 : 12;
    size_t length = strlen(header);
    assert_true(prefix + length + 1 + data_bytes <= sizeof bytes);
    memcpy(bytes, "\x93NUMPY", 6);
    bytes[6] = (unsigned char)version;
    bytes[7] = 0;
    memcpy(bytes + prefix, header, length);
    bytes[prefix + length++] = '\n';
    for (size_t i = 8; i < prefix; i++)
        bytes[i] = (unsigned char)(length >> 8 * (i - 8));
    memcpy(bytes + prefix + length, data, data_bytes);
    write_bytes(name, bytes, prefix + length + data_bytes);
}

static void writes_and_reads_every_type_and_rank(void **state) {
    static const clf_dtype dtypes[] = {CLF_F16, CLF_F32, CLF_F64, CLF_U8, CLF_U16, CLF_I16};
    static const int64_t shape[CLF_MAX_RANK] = {3, 2, 1, 2, 1, 2, 1, 2};
    (void)state;
    for (size_t i = 0; i < sizeof dtypes / sizeof *dtypes; i++)
        for (int rank = 1; rank <= CLF_MAX_RANK; rank++) {
            cli_image image = make_noise(dtypes[i], rank, shape, (unsigned)(rank + 10 * (int)i));
            expect_round_trip("round.npy", &image);
        }
}

static void data_begins_on_a_multiple_of_64_bytes(void **state) {
    static const int64_t shape[CLF_MAX_RANK] = {1, 1, 1, 1, 1, 1, 1, 1};
    (void)state;
    for (int rank = 1; rank <= CLF_MAX_RANK; rank++) {
        cli_image image = make_noise(CLF_U8, rank, shape, 1);
        cli_error error = {0};
        size_t size;
        assert_true(image_write("aligned.npy", &image, &error));
        free(read_bytes("aligned.npy", &size));
        assert_int_equal(size % 64, 1);
        image_free(&image);
    }
}

typedef struct accepted_row {
    int version;
    const char *header;
    const char *bytes; /* 12: the values 1 2 3 4 5 6 as 2-byte integers */
} accepted_row;

#define LITTLE "\1\0\2\0\3\0\4\0\5\0\6\0"
#define BIG "\0\1\0\2\0\3\0\4\0\5\0\6"

static const accepted_row accepted[] = {
    {1, "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }", LITTLE},
    {2, "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }", LITTLE},
    {3, "{'descr': '<u2', 'fortran_order': False, 'shape': (2, 3), }      ", LITTLE},
    {1, "{'descr': '>u2', 'fortran_order': False, 'shape': (2, 3), }", BIG},
    {1, "{\"shape\":(2,3),\"fortran_order\":False,\"descr\":\"<u2\"}", LITTLE},
    {1, " { 'shape' : ( 2L , 3L , ) , 'descr' : '<u2' , 'fortran_order' : False } ", LITTLE},
};

static void reads_every_version_order_and_spelling(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        cli_image image = {0};
        cli_error error = {0};
        write_npy("accepted.npy", accepted[i].version, accepted[i].header, accepted[i].bytes, 12);
        if (!image_read("accepted.npy", &image, &error))
            fail_msg("row %zu: %s", i, error.message);
        assert_int_equal(image.array.dtype, CLF_U16);
        assert_int_equal(image.array.rank, 2);
        assert_int_equal(image.array.shape[0], 2);
        assert_int_equal(image.array.shape[1], 3);
        for (int k = 0; k < 6; k++)
            assert_int_equal(((uint16_t *)image.array.data)[k], k + 1);
        image_free(&image);
        expect_every_cut_refused("accepted.npy");
    }
}

static void reads_fortran_order_by_strides(void **state) {
    cli_image image = {0};
    cli_error error = {0};
    (void)state;
    write_npy("fortran.npy", 1, "{'descr': '<u2', 'fortran_order': True, 'shape': (2, 3), }", LITTLE, 12);
    assert_true(image_read("fortran.npy", &image, &error));
    assert_int_equal(image.array.strides[0], 1);
    assert_int_equal(image.array.strides[1], 2);
    assert_int_equal(((uint16_t *)image.array.data)[1], 2);
    image_free(&image);
}

static void reads_eight_byte_big_endian(void **state) {
    static const unsigned char one_and_a_half[8] = {0x3f, 0xf8};
    cli_image image = {0};
    cli_error error = {0};
    (void)state;
    write_npy("big.npy", 1, "{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", one_and_a_half, 8);
    assert_true(image_read("big.npy", &image, &error));
    assert_true(*(double *)image.array.data == 1.5);
    image_free(&image);
}

typedef struct refused_row {
    const char *header;
    size_t data_bytes;
    const char *fragment;
} refused_row;

#define ORDER "'fortran_order': False, "

static const refused_row refused[] = {
    {"{'descr': '<i1', " ORDER "'shape': (2,)}", 2, "dtype is '<i1'; expected f2, f4, f8, u1, u2 or i2"},
    {"{'descr': '<u4', " ORDER "'shape': (2,)}", 8, "dtype is '<u4'; expected f2, f4, f8, u1, u2 or i2"},
    {"{'descr': '<i4', " ORDER "'shape': (2,)}", 8, "dtype is '<i4'"},
    {"{'descr': '<i8', " ORDER "'shape': (2,)}", 16, "dtype is '<i8'"},
    {"{'descr': '<u8', " ORDER "'shape': (2,)}", 16, "dtype is '<u8'"},
    {"{'descr': '|b1', " ORDER "'shape': (2,)}", 2, "dtype is '|b1'"},
    {"{'descr': '<c8', " ORDER "'shape': (2,)}", 16, "dtype is '<c8'; expected real numbers"},
    {"{'descr': '<f16', " ORDER "'shape': (2,)}", 32, "dtype is '<f16'"},
    {"{'descr': '<f3', " ORDER "'shape': (2,)}", 6, "dtype is '<f3'"},
    {"{'descr': '|f4', " ORDER "'shape': (2,)}", 8, "dtype is '|f4'"},
    {"{'descr': '<f1', " ORDER "'shape': (2,)}", 2, "dtype is '<f1'"},
    {"{'descr': '<', " ORDER "'shape': (2,)}", 2, "dtype is '<'"},
    {"{'descr': '', " ORDER "'shape': (2,)}", 2, "dtype is ''"},
    {"{'descr': '|O', " ORDER "'shape': (2,)}", 2, "dtype is '|O'"},
    {"{'descr': '<U5', " ORDER "'shape': (2,)}", 2, "dtype is '<U5'"},
    {"{'descr': '<M8[ns]', " ORDER "'shape': (2,)}", 2, "dtype is '<M8[ns]'"},
    {"{'descr': [('a', '<f4')], " ORDER "'shape': (2,)}", 8, "structured"},
    {"{'descr': 4, " ORDER "'shape': (2,)}", 8, "no readable dtype"},
    {"{'descr': '<f4', " ORDER "'shape': ()}", 4, "rank 0; expected 1 to 8"},
    {"{'descr': '|u1', " ORDER "'shape': (1,1,1,1,1,1,1,1,1)}", 1, "rank 9; expected 1 to 8"},
    {"{'descr': '<f4', " ORDER "'shape': (0, 3)}", 4, "need 0 bytes of data, but it has 4"},
    {"{'descr': '<f4', " ORDER "'shape': (0, 4611686018427387904, 4)}", 0, "larger than any file"},
    {"{'descr': '<f4', " ORDER "'shape': (2)}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (2 3)}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (,)}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (-2,)}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': [2]}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (2,", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (99999999999999999999,)}", 8, "the shape in its .npy header is not a tuple"},
    {"{'descr': '<f4', " ORDER "'shape': (4611686018427387904, 4)}", 8, "larger than any file"},
    {"{'descr': '<f4', " ORDER "'shape': (1099511627776,)}", 8, "need 4398046511104 bytes of data, but it has 8"},
    {"{'descr': '<f4', " ORDER "'shape': (3,)}", 8, "truncated: its shape and dtype need 12 bytes"},
    {"{'descr': '<f4', " ORDER "'shape': (2,)}", 9, "need 8 bytes of data, but it has 9"},
    {"{'descr': '<f4', 'fortran_order': 0, 'shape': (2,)}", 8, "neither True nor False"},
    {"{'descr': '<f4', 'shape': (2,)}", 8, "not a dict of descr"},
    {"{'descr': '<f4', 'descr': '<f4', " ORDER "'shape': (2,)}", 8, "not a dict of descr"},
    {"{'descr': '<f4', " ORDER "'shape': (2,), 'extra': 1}", 8, "not a dict of descr"},
    {"{'descr': '<f4' " ORDER "'shape': (2,)}", 8, "not a dict of descr"},
    {"{'descr': '<f4', " ORDER "'shape': (2,)} x", 8, "not a dict of descr"},
    {"{'descr': '<f4', " ORDER "'shape': (2,)", 8, "not a dict of descr"},
    {"{'descr': '<f4, " ORDER "'shape': (2,)}", 8, ""},
    {"{'de\\scr': '<f4', " ORDER "'shape': (2,)}", 8, "not a dict of descr"},
    {"{", 8, "not a dict of descr"},
    {"", 8, "not a dict of descr"},
    {"hello", 8, "not a dict of descr"},
};

static void refuses_what_a_header_may_not_say(void **state) {
    static const char data[64] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        for (int version = 1; version <= 3; version++) {
            write_npy("refused.npy", version, refused[i].header, data, refused[i].data_bytes);
            expect_refused("refused.npy", refused[i].fragment);
        }
}

static void refuses_what_is_before_the_header(void **state) {
    (void)state;
    write_bytes("empty.npy", "", 0);
    expect_refused("empty.npy", "the file is empty");
    write_bytes("magic.npy", "\x93NUMPX\1\0\0\0", 10);
    expect_refused("magic.npy", "not an .npy file");
    write_bytes("plain.txt", "hello, world", 12);
    expect_refused("plain.txt", "neither .npy, PNG nor TIFF");
    write_bytes("version.npy", "\x93NUMPY\4\0\0\0\0\0", 12);
    expect_refused("version.npy", "version is 4.0; expected 1.0, 2.0 or 3.0");
    write_bytes("minor.npy", "\x93NUMPY\1\1\0\0\0\0", 12);
    expect_refused("minor.npy", "version is 1.1");
    write_bytes("huge.npy", "\x93NUMPY\2\0\xff\xff\xff\xff{}", 14);
    expect_refused("huge.npy", "should have 4294967295 bytes, but only 2 are left");
    expect_refused("not-there.npy", "No such file");
    expect_refused(".", "is a folder; expected a file");
}

static void refuses_a_header_that_is_long_and_there(void **state) {
    enum { size = 12 + 70000 };
    static unsigned char bytes[size];
    (void)state;
    memset(bytes, ' ', size);
    memcpy(bytes, (const char[8]){'\x93', 'N', 'U', 'M', 'P', 'Y', 2, 0}, 8);
    const uint32_t length = size - 12;
    for (int i = 0; i < 4; i++)
        bytes[8 + i] = (unsigned char)(length >> 8 * i);
    write_bytes("long.npy", bytes, size);
    expect_refused("long.npy", "expected at most 65535");
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_and_reads_every_type_and_rank),
        cmocka_unit_test(data_begins_on_a_multiple_of_64_bytes),
        cmocka_unit_test(reads_every_version_order_and_spelling),
        cmocka_unit_test(reads_fortran_order_by_strides),
        cmocka_unit_test(reads_eight_byte_big_endian),
        cmocka_unit_test(refuses_what_a_header_may_not_say),
        cmocka_unit_test(refuses_what_is_before_the_header),
        cmocka_unit_test(refuses_a_header_that_is_long_and_there),
    };
    enter_directory(argc, argv);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
