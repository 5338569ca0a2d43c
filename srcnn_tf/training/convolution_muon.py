"""`ConvolutionMuon`: Muon for convolution kernels."""

import keras
import tensorflow as tf

# Coefficients of the quintic Newton-Schulz iteration, from Keller Jordan, "Muon: an optimizer for
# hidden layers in neural networks" (2024): they inflate small singular values fastest.
_QUINTIC = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5


class ConvolutionMuon(keras.optimizers.Adam):
    """Muon for the kernels of all convolutions but the last, Adam for everything else.

    A kernel's momentum, seen as a (rows * columns * inputs, filters) matrix, is replaced by the
    nearest matrix with orthonormal columns before it is applied, so that all its directions learn
    at one pace. Keras' own Muon leaves every variable that is not two-dimensional to Adam, that
    is, all of a convolutional network.

    Args:
      learning_rate: of Muon; a float or a schedule.
      adam_ratio: Adam's rate over Muon's.
      momentum: of Muon, in Nesterov's form.
      kernel_decay: a step at rate r takes r times this part off the kernels that Muon has (Liu et
        al., arXiv:2502.16982, section 2.2). Every direction learns at one pace, needed or not, so
        that without it a long run's kernels grow; Adam's variables are not decayed.
    """

    def __init__(self, learning_rate, adam_ratio, momentum=0.95, kernel_decay=0.0):
        super().__init__(learning_rate, name="convolution_muon")
        self.adam_ratio = adam_ratio
        self.momentum = momentum
        self.kernel_decay = kernel_decay

    def build(self, variables):
        """Makes the optimizer's own variables; Keras calls this."""
        super().build(variables)
        kernels = [number for number, variable in enumerate(variables) if len(variable.shape) == 4]
        self._muon_indices = frozenset(kernels[:-1])

    def update_step(self, gradient, variable, learning_rate):
        """Applies one gradient to one variable; Keras calls this."""
        index = self._get_variable_index(variable)
        if index not in self._muon_indices:
            super().update_step(gradient, variable, learning_rate * self.adam_ratio)
            return
        buffer = self._momentums[index]
        self.assign(buffer, self.momentum * buffer + gradient)
        update = gradient + self.momentum * buffer
        matrix = orthogonalize(tf.reshape(update, [-1, variable.shape[-1]]))
        change = tf.reshape(matrix, variable.shape)
        if self.kernel_decay:
            change += self.kernel_decay * variable
        self.assign_sub(variable, learning_rate * change)


def orthogonalize(matrix: tf.Tensor) -> tf.Tensor:
    """Moves a float32 matrix's singular values to about 1 (0.7 to 1.2), keeping its directions."""
    a, b, c = _QUINTIC
    tall = matrix.shape[0] > matrix.shape[1]
    # The shorter side comes first: the iteration's products then are as small as they can be.
    x = tf.transpose(matrix) if tall else matrix
    x /= tf.norm(x) + 1e-7
    for _ in range(_ITERATIONS):
        gram = tf.matmul(x, x, transpose_b=True)
        x = a * x + tf.matmul(b * gram + c * tf.matmul(gram, gram), x)
    return tf.transpose(x) if tall else x
