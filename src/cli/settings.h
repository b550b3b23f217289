/* SPDX-License-Identifier: Apache-2.0 */
/** @file settings.h What the options of a command line say. */
#ifndef CLFILTER_CLI_SETTINGS_H
#define CLFILTER_CLI_SETTINGS_H

#include "error.h"

#include <clfilter/clfilter.h>

/** What the options of a command line say. Zero in every field is the default. */
typedef struct cli_settings {
    const char *output; /**< -o; NULL: not given */
    clf_border border[CLF_MAX_FILTER_AXES];
    int border_count; /**< borders given; 0: reflect */
    double cval;
    clf_mode mode;
    int origin[CLF_MAX_FILTER_AXES];
    int origin_count; /**< origins given; 0: none */
    int stride[CLF_MAX_FILTER_AXES];
    int stride_count; /**< strides given; 0: 1 */
    int dilation[CLF_MAX_FILTER_AXES];
    int dilation_count; /**< dilations given; 0: 1 */
    int groups;         /**< 0: not given, which is 1 */
    const char *bias;   /**< a file's name; NULL: none */
    const char *solver; /**< the solver that --solver names; NULL: the planner chooses */
    clf_gradient_operator gradient_operator;
    double sigma;        /**< of gaussian:SIGMA, or of --sigma; 0: not given */
    int gradient_output; /**< place in clf_gradient_desc's outputs, 0: the magnitude */
    int axes;            /**< 0: not given, which is 2 */
    double eps;
    double low, high; /**< Canny's thresholds; both 0: the library's defaults */
    bool low_given;
    clf_smoothness_norm norm;
    clf_smoothness_reduction reduction;
    int order;                  /**< 0: not given, which is 1 */
    double edge_weight;         /**< 0: not given, which is 1 */
    bool ignore_image;          /**< --edge-weight 0 */
    const char *grad_disparity; /**< a file's name; NULL: not asked for */
    const char *grad_image;     /**< likewise */
    double scale;               /**< 0: not given, which is 1 */
    int take_axis;
    clf_index_mode index_mode;
    const char *mask; /**< a file's name; NULL: indices are given */
    clf_match_score score;
    bool score_given; /**< false: normalised */
    double rcond;     /**< 0: the library's default */
    bool matrix_axes_given;
    int matrix_axes[2]; /**< rows, columns */
    double by[CLF_MAX_RANK];
    int by_count; /**< shifts given; 0: none */
    clf_shift_method shift_method;
    size_t memory;       /**< bytes a streamed run may take; 0: not given */
    bool separate_alpha; /**< false: colours are filtered times alpha */
    bool has_dtype;
    clf_dtype dtype;
    clf_effort effort;
    bool tune;             /**< the command is to be measured, not carried out: there is no OUT */
    bool clear;            /**< the cache is to be cleared */
    const char *filter;    /**< only lines that hold this text; NULL: all */
    const char *export_to; /**< a file for a table of wisdom; NULL: the user's wisdom instead */
    const char *plot;      /**< a picture's file; NULL: none */
    bool all;              /**< every line of the tests */
    const char *device;    /**< NULL: CLF_DEVICE, else the library's choice */
    bool explain;
    int runs; /**< timed runs; 0: no timing */
    bool quiet;
    bool json;
    bool help;
    bool version;
} cli_settings;

/** The commands, as bits, that an option belongs to. */
enum {
    COMMAND_DEVICES = 1,
    COMMAND_CONVOLVE = 2, /**< correlate too */
    COMMAND_GRADIENT = 4,
    COMMAND_EDGES = 16,
    COMMAND_SMOOTHNESS = 32,
    COMMAND_TAKE = 64,
    COMMAND_PINV = 128,
    COMMAND_SHIFT = 256,
    COMMAND_TUNE = 512,
    COMMAND_CACHE = 1024,
    COMMAND_CHECK = 2048,
    COMMAND_BENCH = 4096,
    COMMAND_MATCH = 8192,
    COMMAND_LINES = 16384,
    TUNABLE = COMMAND_CONVOLVE | COMMAND_GRADIENT
};

#endif
