"""A whole training crop as vector code: its result, and the gradients of all weights.

Also the second layer's kernel to its spectrum, and the spectrum's gradients to the kernel's, once a
batch. `forward` and `backward` share buffers, see `PatchLayout.buffers`; a crop's layers take a few
megabytes, so they stay in the third-level cache between the two.
"""

from llvmlite import ir

from srcnn_tf.engines.cpu import backward, convolution, filtering
from srcnn_tf.engines.cpu.function_builder import LANES, CompiledModule, new_function
from srcnn_tf.engines.cpu.patch_layout import PatchLayout

# Buffers, then kernel and biases of each layer.
FORWARD_ARGUMENTS = "p" * 6 + "p" * 5
# Buffers, then kernels as `backward` takes them, then the gradients of kernels and biases.
BACKWARD_ARGUMENTS = "p" * 7 + "p" * 3 + "p" * 5
_ARGUMENTS = {
    "forward": FORWARD_ARGUMENTS,
    "backward": BACKWARD_ARGUMENTS,
    "spectrum": "pp",
    "kernel": "pp",
}


def compile_crop_kernels(crop: PatchLayout) -> CompiledModule:
    """Compiles `forward`, `backward`, `spectrum` and `kernel` for crops of this size.

    `spectrum` takes a kernel (taps, inputs, filters) and fills its spectrum (64, inputs, filters);
    `kernel` takes a spectrum's gradients and fills the kernel's.
    """
    module = ir.Module("crop")
    _forth(module, crop)
    _back(module, crop)
    backward.kernel_spectrum(module, "spectrum", crop.shape)
    backward.spectrum_kernel(module, "kernel", crop.shape)
    return CompiledModule(module, _ARGUMENTS)


def _forth(module, crop):
    """From a crop to the network's result.

    Arguments: the buffers plane (filled), first, spectra, products, second, result; weights of the
    first layer (taps, filters), its biases, spectra of the second layer's kernel (64, inputs,
    filters), its biases, weights and bias of the third.
    """
    shape = crop.shape
    first_row = convolution.first_row(module, shape)
    transform = filtering.transform(module, shape)
    products_of = filtering.products(module, shape, "products", *shape.filters)
    second_rows = filtering.second_rows(module, shape)
    third_row = convolution.third_row(module, shape)

    code = new_function(module, "forward", FORWARD_ARGUMENTS, internal=False)
    plane, first, spectra, products, second, result = code.function.args[:6]
    weights1, biases1, weights2, biases2, weights3 = code.function.args[6:]
    first_pitch = crop.first_columns * shape.filters[0]
    second_pitch = crop.second_columns * shape.filters[1]

    def first_layer(y):
        top = code.offset(plane, code.multiply(y, crop.plane_columns))
        line = code.offset(first, code.multiply(y, first_pitch))
        columns = crop.first_columns
        code.call(first_row, top, crop.plane_columns, weights1, biases1, line, columns)

    code.loop(0, crop.first_side, 1, first_layer)

    def to_spectra(row):
        here = code.offset(spectra, code.multiply(row, crop.tiles_across * shape.filters[0]))
        top, last = code.multiply(row, shape.outputs), crop.first_rows - 1
        tiles = crop.tiles_across
        code.call(transform, first, first_pitch, top, last, here, crop.spectra_plane, tiles)

    code.loop(0, crop.tiles_across, 1, to_spectra)
    spectra_planes = (crop.spectra_plane, weights2, products, crop.products_plane)
    code.call(products_of, spectra, *spectra_planes, crop.blocked_tiles)

    def second_layer(row):
        here = code.offset(products, code.multiply(row, crop.tiles_across * shape.filters[1]))
        top = code.multiply(row, shape.outputs)
        place = (second, second_pitch, top, crop.tiles_across)
        code.call(second_rows, here, crop.products_plane, biases2, *place)

    code.loop(0, crop.tiles_across, 1, second_layer)
    bias3 = code.offset(weights3, shape.kernel_sizes[2] ** 2 * shape.filters[1])

    def third_layer(y):
        target = code.offset(result, code.multiply(y, crop.third_side))
        center = code.add(y, shape.kernel_sizes[2] // 2)
        rows = (second, second_pitch, center, crop.second_rows - 1)
        code.call(third_row, *rows, weights3, bias3, target, crop.third_side)

    code.loop(0, crop.third_side, 1, third_layer)
    code.end()


def _back(module, crop):
    """From the result's gradients to those of all weights, which are added to what is there.

    Arguments: the buffers plane, first, spectra, products, second (as `forward` left them),
    gradients (filled), first_gradients; zeros, the third layer's kernel rotated by 180 degrees
    (taps, filters), the second's spectra transposed (64, filters, inputs); gradients of the first
    kernel (taps, filters) and its biases, of the second's spectra (64, inputs, filters) and its
    biases, of the third kernel (taps, filters).
    """
    shape = crop.shape
    inputs, filters = shape.filters
    third_kernel_row = backward.third_kernel_row(module, crop)
    second_gradients_row = backward.second_gradients_row(module, crop)
    add_pixels = backward.add_pixels(module, filters)
    gradient_spectra = backward.gradient_spectra(module, crop)
    kernel_products = backward.kernel_products(module, crop)
    products_back = filtering.products(module, shape, "products_back", filters, inputs)
    first_gradients_of = backward.first_gradients(module, crop)
    first_kernel_row = backward.first_kernel_row(module, crop)

    code = new_function(module, "backward", BACKWARD_ARGUMENTS, internal=False)
    plane, first, spectra, products, second, third_gradients, first_gradients = code.function.args[
        :7
    ]
    zeros, turned3, weights2, kernel1, biases1, kernel2, biases2, kernel3 = code.function.args[7:]
    first_pitch = crop.first_columns * inputs
    second_pitch = crop.second_columns * filters
    gradient_pitch = crop.gradient_shape[1]

    def third_kernel(y):
        seen = code.offset(second, code.multiply(y, second_pitch))
        row = code.multiply(code.add(y, crop.gradient_border), gradient_pitch)
        here = code.offset(third_gradients, code.add(row, crop.gradient_border))
        code.call(third_kernel_row, seen, here, kernel3)

    code.loop(0, crop.third_side, 1, third_kernel)

    def second_layer(y):
        top = code.offset(third_gradients, code.multiply(y, gradient_pitch))
        line = code.offset(second, code.multiply(y, second_pitch))
        columns = crop.second_columns
        code.call(second_gradients_row, top, gradient_pitch, turned3, zeros, line, columns)

    code.loop(0, crop.second_rows, 1, second_layer)
    code.call(add_pixels, second, crop.second_rows * crop.second_columns, biases2)

    def to_spectra(row):
        rows = code.offset(second, code.multiply(row, shape.outputs * second_pitch))
        here = code.offset(products, code.multiply(row, crop.tiles_across * filters))
        code.call(gradient_spectra, rows, here)

    code.loop(0, crop.tiles_across, 1, to_spectra)
    code.call(kernel_products, spectra, products, kernel2)
    # The first layer's spectra are not needed any more: their gradients take their place.
    gradient_planes = (crop.products_plane, weights2, spectra, crop.spectra_plane)
    code.call(products_back, products, *gradient_planes, crop.blocked_tiles)

    def clear(place):
        code.store(code.zeros(), first_gradients, place)

    code.loop(0, crop.first_rows * first_pitch, LANES, clear)

    def first_layer(row):
        here = code.offset(spectra, code.multiply(row, crop.tiles_across * inputs))
        rows = code.offset(first_gradients, code.multiply(row, shape.outputs * first_pitch))
        code.call(first_gradients_of, here, rows)

    code.loop(0, crop.tiles_across, 1, first_layer)

    def first_kernel(y):
        line = code.multiply(y, first_pitch)
        values, here = code.offset(first, line), code.offset(first_gradients, line)
        top = code.offset(plane, code.multiply(y, crop.plane_columns))
        code.call(first_kernel_row, values, here, top, kernel1, biases1)

    code.loop(0, crop.first_side, 1, first_kernel)
    code.end()
