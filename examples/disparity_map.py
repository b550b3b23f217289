# SPDX-License-Identifier: Apache-2.0
"""Makes a picture from a disparity map stored by NumPy: python3 disparity_map.py MAP.npz MAP.png

The largest disparity becomes white; pixels without one (Inf, NaN) become black. Debian's python3-skimage has such a
map, motorcycle_disp.npz, next to the stereo pair it belongs to, motorcycle_left.png (Scharstein and others, 2014).
"""
import struct
import sys
import zlib

import numpy


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def main(source, target):
    (disparity,) = numpy.load(source).values()
    known = numpy.isfinite(disparity)
    grey = numpy.where(known, disparity, 0) / disparity[known].max() * 255
    rows = b"".join(b"\0" + row.tobytes() for row in numpy.rint(grey).astype(numpy.uint8))
    height, width = disparity.shape
    with open(target, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)))
        file.write(chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


main(*sys.argv[1:])
