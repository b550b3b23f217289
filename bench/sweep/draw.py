# SPDX-License-Identifier: Apache-2.0
"""What spaces draw from: extents as images and signals have them (powers of two, decimal, prime, any), lengths of
kernels, element types, borders. Every function takes a random.Random and nothing else that varies."""
import math

BORDERS = ("reflect", "periodic", "symmetric", "replicate", "constant")
PICTURES = ((480, 640), (512, 512), (720, 1280), (768, 1024), (1080, 1920), (1536, 2048), (2160, 3840))


def logarithmic(random, low, high):
    """A whole number from low to high whose logarithm is uniform."""
    return min(high, max(low, round(math.exp(random.uniform(math.log(low), math.log(high))))))


def extent(random, low, high):
    """Of one axis: a power of two, a multiple of ten, a prime, or any number, each as likely."""
    number = logarithmic(random, low, high)
    kind = random.choice(("power", "decimal", "prime", "any"))
    if kind == "power":
        number = 1 << round(math.log2(number))
    if kind == "decimal":
        number = 10 * max(1, round(number / 10))
    if kind == "prime":
        number = next_prime(number)
    return min(high, max(low, number))


def plane(random, low, high):
    """A height and a width whose product is between the two: square, as pictures are, or each by itself."""
    kind = random.choice(("square", "picture", "free", "free"))
    if kind == "picture":
        fitting = [size for size in PICTURES if low <= math.prod(size) <= high]
        if fitting:
            return random.choice(fitting)
    side = extent(random, max(1, math.isqrt(low)), math.isqrt(high))
    if kind != "free":
        return side, side
    width = extent(random, max(1, side // 2), 2 * side)
    return side, max(1, min(width, high // side))


def taps(random, low, high, even=0.15):
    """A kernel's length along an axis: odd, but for a share of them."""
    number = logarithmic(random, low, high)
    if (number % 2 == 0) != (random.random() < even):
        number += 1 if number < high else -1
    return max(1, number)


def often(random, *weighted):
    """One of the values of (value, weight) pairs."""
    values, weights = zip(*weighted)
    return random.choices(values, weights)[0]


def dtype(random):
    """An image's type."""
    return often(random, ("f32", 4), ("u8", 4), ("u16", 2), ("f64", 1), ("f16", 1), ("i16", 1))


def real_dtype(random):
    """A type that arithmetic on other data than images is done in."""
    return often(random, ("f32", 4), ("f64", 1))


def border(random):
    """Mostly the default, None: each border costs about the same."""
    return random.choice(BORDERS) if random.random() < 0.3 else None


def next_prime(number):
    while number < 2 or any(number % factor == 0 for factor in range(2, math.isqrt(number) + 1)):
        number += 1
    return number
