#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The installed documents hold clfilter's licence, and that of VkFFT word for word as the header that it was built
# with has it.
# usage: notices.sh DOCUMENT_FOLDER [vkFFT.h]
set -euo pipefail
folder=$1 header=${2:-}
[ -s "$folder/LICENSE" ]
[ -s "$folder/THIRD-PARTY.md" ]
[ -n "$header" ] || exit 0
# The comment at the header's head, as one line of words; its years are not the same in all versions.
licence=$(sed -n '/^\/\//!q; s/^\/\/ \{0,1\}//p' "$header" | sed -n '/^Permission/,$p' | tr -s ' \n' '  ')
notices=$(sed 's/^ *> \{0,1\}//' "$folder/THIRD-PARTY.md" | tr -s ' \n' '  ')
[ "${#licence}" -gt 500 ] || { echo "$header does not begin with its licence"; exit 1; }
[[ $notices = *"${licence% }"* ]] || { printf 'THIRD-PARTY.md lacks this:\n%s\n' "$licence"; exit 1; }
