"""How sums are laid into registers: blocks of some pixels by some vectors of filters."""

from collections.abc import Callable

from srcnn_tf.engines.cpu.function_builder import LANES, FunctionBuilder, register_lanes

# Vectors of 16 sums that are kept at once. A vector takes 16 / lanes registers, and a row of
# factors and a value must find room beside the sums; eight are needed to keep both units busy.
_SUMS = {16: 16, 8: 6, 4: 4}
# Loops of at most this many passes are written out.
_WRITTEN_OUT = 9


def sums_at_once() -> int:
    """Returns how many vectors of sums this processor's registers keep."""
    return _SUMS[register_lanes()]


def each_vector(filters: int, body: Callable[[int, int], None]) -> None:
    """Calls `body(first filter, vectors)` for blocks of at most two vectors of filters."""
    vectors = filters // LANES
    while vectors:
        taken = 2 if vectors > 1 else 1
        body(filters - vectors * LANES, taken)
        vectors -= taken


def cover(code: FunctionBuilder, count, vectors: int, body: Callable) -> None:
    """Emits `body(first, size)` for blocks that cover `count` places exactly, the largest first."""
    done, size = 0, max(1, sums_at_once() // vectors)
    while True:
        stop = code.subtract(count, code.remainder(code.subtract(count, done), size))
        code.loop(done, stop, size, lambda place, size=size: body(place, size))
        if size == 1:
            return
        done, size = stop, size // 2


def repeat(code: FunctionBuilder, count: int, body: Callable, sums: list) -> list:
    """Emits `sums = body(index, sums)` for each index below `count`, written out where few."""
    if count > _WRITTEN_OUT:
        return code.loop(0, count, 1, body, sums)
    for index in range(count):
        sums = body(index, sums)
    return sums


def add_outer_products(code: FunctionBuilder, sums, rows, filters, count, left, right) -> None:
    """Adds to each sum (rows, filters) the products of `count` pairs of a float and a vector.

    Args:
      code: gets the instructions.
      sums: where they are.
      rows: how many.
      filters: floats in a row of sums, a multiple of 16.
      count: of pairs.
      left: where the first of each pair's `rows` floats is, and floats from one pair to the next.
      right: where the pairs' `filters` floats are, one pair's behind the other's.
    """
    floats, pitch = left

    def at_block(first, vectors):
        places = range(first, first + vectors * LANES, LANES)

        def at_rows(row, size):
            target = code.offset(sums, code.multiply(row, filters))
            spots = [r * filters + place for r in range(size) for place in places]

            def at_pair(pair, totals):
                here = code.multiply(pair, filters)
                factors = [code.load(right, code.add(here, place)) for place in places]
                spot = code.offset(floats, code.add(code.multiply(pair, pitch), row))
                return code.fma_block(totals, spot, range(size), factors)

            start = [code.load(target, spot) for spot in spots]
            for total, spot in zip(code.loop(0, count, 1, at_pair, start), spots, strict=True):
                code.store(total, target, spot)

        cover(code, rows, vectors, at_rows)

    each_vector(filters, at_block)
