"""`LayerRateSgd`: stochastic gradient descent with momentum, and a rate for each layer."""

from collections.abc import Sequence

import keras


class LayerRateSgd(keras.optimizers.SGD):
    """Keras' SGD with momentum, whose rate is multiplied by a factor for each variable.

    As arXiv:1501.00092, equation 4, has it: D <- m D - rate x gradient, W <- W + D.

    Args:
      learning_rate: a float or a schedule.
      factors: of the rate, one for each variable in the order of the network's.
      momentum: m.
    """

    def __init__(self, learning_rate, factors: Sequence[float], momentum: float = 0.9):
        super().__init__(learning_rate, momentum=momentum, name="layer_rate_sgd")
        self.factors = tuple(factors)

    def build(self, variables):
        """Makes the optimizer's own variables; Keras calls this."""
        if len(variables) != len(self.factors):
            raise ValueError(
                f"There are {len(self.factors)} factors for {len(variables)} variables."
            )
        super().build(variables)

    def update_step(self, gradient, variable, learning_rate):
        """Applies one gradient to one variable; Keras calls this."""
        factor = self.factors[self._get_variable_index(variable)]
        super().update_step(gradient, variable, learning_rate * factor)
