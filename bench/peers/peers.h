/* SPDX-License-Identifier: Apache-2.0 */
/* Every peer there is; those of other libraries are built only where the library is found. */
#ifndef CLF_BENCH_PEERS_H
#define CLF_BENCH_PEERS_H

#include "peer.h"

#ifdef __cplusplus
extern "C" {
#endif

extern const bench_peer bench_self;   /* clfilter, with a line of its own */
extern const bench_peer bench_copy;   /* a copy of as many bytes, on every thread */
extern const bench_peer bench_launch; /* an empty kernel, then a copy */

extern const bench_peer bench_opencv_filter2d, bench_opencv_sep_filter2d, bench_opencv_sobel_magnitude;
extern const bench_peer bench_onednn;
extern const bench_peer bench_fftw;
extern const bench_peer bench_scipy_ndimage, bench_scipy_fft, bench_scipy_oaconvolve;
extern const bench_peer bench_numpy_take, bench_torch;

#ifdef __cplusplus
}
#endif
#endif
