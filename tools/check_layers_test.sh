#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_layers.sh must pass a tree that keeps the rules, and name each file that breaks one.
# usage: check_layers_test.sh
set -euo pipefail
check=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/check_layers.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

put() {
    mkdir -p "$tree/$(dirname "$1")"
    printf '%s\n' "$2" >"$tree/$1"
}

put src/base/text.c '#include "base/text.h"'
put src/base/number.c 'int n = snprintf(t, s, "%.*g", digits, value);
double d = strtod(text, &end);'
put src/base/locale.c 'locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);'
put src/fft/fft_vkfft.c '#define setlocale(category, locale) ((char *)"C")'
put src/plan/host.c 'f("%s is %d %% of %zu, 100 %%good, %lld", name, a % e, b, (long long)c);
n = strtoll(text, &end, 10); /* 5 % each */'
put src/rt/buffer.c '#include "base/text.h"
cl_mem m = clCreateBuffer(c, 0, 1, p, e);'
put src/plan/view.c '#include "rt/buffer.h"'
put src/fft/fft_clfft.c '#include <clFFT.h>
int s = clfftSetup(&d);'
put src/choose/planner.c '#include "plan/plan.h"'
put src/stream/gather.c '#include "choose/planner.h"
#include "cl/inc/border.h"'
put src/check/case.c '#include "check/case.h"
#include "base/line.h"
#include <clfilter/clfilter.h>'
put src/ops/registry.c '#include "ops/border.h"'
put src/ops/conv/direct.c '#include "ops/conv/conv.h"
#include "ops/border.h"
#include "fft/fft.h"
#include "plan/plan.h"
#include "cl/conv/geometry.h"
#include "cl/inc/border.h"'
put src/cli/error.h 'void f(void);'
put src/cli/main.c '#include <clfilter/clfilter.h>
#include "error.h"
#include "check/case.h"'
put cl/inc/multiply_add.h '#define MULTIPLY_ADD(a, b, c) fma(a, b, c)'
put cl/conv/conv.cl '__kernel void k(void) { f(get_global_id(2), get_group_id(0), get_global_size(0)); }'
"$check" "$tree" || { echo "a tree that keeps the rules is refused"; exit 1; }

# One file a line: its path, then a line that breaks a rule.
while IFS='|' read -r path line; do
    put "$path" "$line"
    if output=$("$check" "$tree") || [[ $output != *"$path:"* ]]; then
        echo "not found: $path: $line"
        failures=1
    fi
    rm "$tree/$path"
done <<'BROKEN'
cl/conv/rows.cl|long row = get_group_id(1);
cl/conv/taps.cl|sum = fma(w, v, sum);
cl/inc/rows.h|long rows = get_global_size( 2 );
src/base/up.c|#include "rt/rt.h"
src/rt/up.c|#include "plan/view.h"
src/rt/up.h|#  include "ops/conv/conv.h"
src/plan/up.c|#include "ops/conv/conv.h"
src/plan/side.c|#include "fft/fft.h"
src/plan/kernel.c|#include "cl/conv/geometry.h"
src/plan/over.c|#include "choose/planner.h"
src/choose/over.c|#include "stream/stream.h"
src/choose/side.c|#include "fft/fft.h"
src/stream/over.c|#include "ops/border.h"
src/fft/side.c|#include "choose/planner.h"
src/check/inside.c|#include "plan/view.h"
src/ops/gradient/kernels.c|#include "cl/conv/geometry.h"
src/ops/gradient/planes.c|#include "ops/conv/conv.h"
src/ops/down.c|#include "cli/error.h"
src/ops/call.c|x = clEnqueueNDRangeKernel(q);
src/plan/call.h|clReleaseMemObject (m);
src/cli/call.c|clGetPlatformIDs(1, &p, 0);
src/cli/inside.c|#include "base/text.h"
src/cli/inside.h|#include <CL/cl.h>
src/ops/vendor.c|#include <clFFT.h>
src/fft/fft.h|#include <vkFFT.h>
src/ops/conv/class.c|bool cpu = (context->info.type & CL_DEVICE_TYPE_CPU) != 0;
src/ops/gradient/class.c|if (clf_context_is_cpu(context))
src/choose/class.c|return info->type;
src/rt/options.c|const char *o = "-cl-fast-relaxed-math";
cl/options.cl|// -cl-finite-math-only
src/ops/write.c|clf_text_add(text, " cval=%.17g", cval);
src/ops/write_percent.c|clf_text_add(text, "%d %%, %g", part, cval);
src/cli/write.c|printf("%-54s  %9.4f", name, seconds);
src/cli/star.c|printf("%*.*f", width, decimals, value);
src/plan/long.c|f("%Lg", value);
src/base/hexadecimal.h|#define HEXADECIMAL "%a"
src/base/line.c|double value = strtod(next, &end);
src/ops/read.c|float value = strtof (next, &end);
src/cli/read.c|double value = atof(argument);
src/rt/read.c|int n = sscanf(text, "%d", &i);
src/plan/host_locale.c|setlocale(LC_NUMERIC, "C");
src/base/text.c|const char *point = localeconv()->decimal_point;
src/base/number.c|locale_t plain = newlocale(LC_ALL_MASK, "C", 0);
src/base/file.c|return strerror(errno);
src/rt/device.c|#include <ctype.h>
src/ops/thread_locale.c|#include <locale.h>
BROKEN
exit $failures
