"""The state that training changes, and the compiled step that changes it."""

import functools
from collections.abc import Callable, Mapping

import keras
import numpy as np
import tensorflow as tf

from srcnn_tf.engines.keras_models import SuperResolutionModel, keras_model
from srcnn_tf.engines.runners import choose_engine
from srcnn_tf.networks import equivariance
from srcnn_tf.networks.families.family import family_of
from srcnn_tf.networks.network import initial_network
from srcnn_tf.training import xla_trial
from srcnn_tf.training.config import TrainConfig
from srcnn_tf.training.create_optimizer import create_optimizer
from srcnn_tf.training.environment import uses_xla
from srcnn_tf.training.losses.loss import LOSSES


class TrainState:
    """Network, moving average of its weights, optimizer and step count.

    Attributes:
      network: what is trained.
      average: the same network with the exponential moving average of its weights, in float32:
        what is evaluated and saved.
      optimizer: as of `optimizers.create_optimizer`; its `iterations` counts the steps that were
        applied, which under float16 can be fewer than those attempted.
      step: int64 variable; how many steps were attempted.
      symmetric_tables: of its family's `equivariance`, or None if the network may be any.
    """

    def __init__(self, config: TrainConfig, precision: str, arrays: Mapping | None = None):
        """Makes the state at step 0.

        Args:
          config: the recipe.
          precision: what the trained network computes in.
          arrays: what to start from instead of drawn weights; equivariant if the recipe is.
        """
        network = initial_network(config.network, config.scale, config.initialization, config.seed)
        construction = family_of(config.network).equivariance if config.equivariant else None
        if arrays is not None:
            network = network.replace(arrays=arrays)
        elif construction:
            start = construction.symmetric_start(network.architecture, network.arrays)
            network = network.replace(arrays=start)
        self.symmetric_tables = (
            construction.symmetric_tables(network.architecture) if construction else None
        )
        self.network = keras_model(network, precision)
        self.average = keras_model(network)
        self.optimizer = create_optimizer(config, self.network)
        self.step = tf.Variable(0, dtype=tf.int64, name="step")

    @property
    def attempted_steps(self) -> int:
        """How many steps were taken, those too that overflowed under float16."""
        return int(self.step.numpy())

    @property
    def applied_steps(self) -> int:
        """How many steps changed the weights."""
        return int(self.optimizer.iterations.numpy())

    def get_arrays(self) -> dict[str, np.ndarray]:
        """Returns everything that a resumed run needs, by name."""
        return {name: np.asarray(variable.numpy()) for name, variable in self._named().items()}

    def set_arrays(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Takes what `get_arrays` gave; ValueError if it is of another network or optimizer."""
        variables = self._named()
        expected = {name: tuple(variable.shape) for name, variable in variables.items()}
        if {name: array.shape for name, array in arrays.items()} != expected:
            raise ValueError("the checkpoint is of another network or optimizer")
        for name, variable in variables.items():
            variable.assign(arrays[name])

    def _named(self):
        groups = {
            "network": self.network.variables,
            "average": self.average.variables,
            "optimizer": self.optimizer.variables,
        }
        named = {
            f"{group}/{number:02d}": variable
            for group, variables in groups.items()
            for number, variable in enumerate(variables)
        }
        return {**named, "step": self.step}


def make_train_step(state: TrainState, config: TrainConfig) -> Callable:
    """Returns `step(inputs, targets) -> loss`: one update of `state`, in a graph.

    TensorFlow's whole step is compiled; with the CPU engine's gradients, all that follows them.

    Raises:
      ValueError: the recipe's engine cannot train the network.
    """
    by_engine = uses_cpu_engine(state.network, config)
    xla = uses_xla(config.jit_compile) if by_engine else compiles_step(state, config)

    @tf.function(jit_compile=xla)
    def update(gradients):
        state.optimizer.apply(symmetric_parts(state, gradients), state.network.trainable_variables)
        finish_step(state, config)

    @tf.function
    def cpu_engine_step(inputs, targets):
        loss, gradients = _cpu_engine_gradients(state, config, inputs, targets)
        update(gradients)
        return loss

    @tf.function(jit_compile=xla)
    def train_step(inputs, targets):
        loss, gradients = differentiate(state, config, inputs, targets)
        update(gradients)
        return loss

    return cpu_engine_step if by_engine else train_step


def compiles_step(state: TrainState, config: TrainConfig) -> bool:
    """Resolves `TrainConfig.jit_compile` for a step whose gradients are TensorFlow's.

    As said; where nothing is said, XLA where it is thought to be faster and, on a GPU, can do it.
    """
    xla = uses_xla(config.jit_compile)
    if not xla or config.jit_compile or not tf.config.list_logical_devices("GPU"):
        return xla
    return xla_trial.compiles(functools.partial(differentiate, state, config), batch_shapes(config))


def batch_shapes(config: TrainConfig) -> list[tuple[int, int, int, int]]:
    """Returns the shapes of a batch: inputs and targets."""
    architecture = config.architecture
    inner = (config.patch_size - 2 * config.border) * architecture.upscale
    return [
        (config.batch_size, side, side, architecture.channels)
        for side in (config.patch_size, inner)
    ]


def uses_cpu_engine(network: SuperResolutionModel, config: TrainConfig) -> bool:
    """Resolves `TrainConfig.engine` for one replica.

    Raises:
      ValueError: the recipe asks for the CPU engine, and it cannot train this network so.
    """
    from srcnn_tf.engines.cpu.choosing import trains

    can = trains(network.architecture, config.loss, config.padding)
    if config.engine == "auto":
        in_float32 = network.precision == "float32"
        return can and in_float32 and choose_engine(network.architecture, "auto") == "cpu"
    if config.engine == "cpu" and not (can and network.precision == "float32"):
        raise ValueError(
            f"The CPU engine cannot train a {network.architecture.name} in {network.precision} "
            f"with the loss {config.loss} and {config.padding} padding; use --engine=tensorflow."
        )
    return config.engine == "cpu"


def differentiate(
    state: TrainState, config: TrainConfig, inputs: tf.Tensor, targets: tf.Tensor
) -> tuple[tf.Tensor, list[tf.Tensor]]:
    """Returns a batch's mean loss, and the gradients of that loss as the optimizer scales it."""
    with tf.GradientTape() as tape:
        # float32 under every precision, as the outputs are.
        loss = LOSSES[config.loss](state.network(inputs, padding=config.padding), targets)
        scaled_loss = state.optimizer.scale_loss(loss)
    return loss, tape.gradient(scaled_loss, state.network.trainable_variables)


# Else AutoGraph rewrites all that is called in there, and every step takes half as long again.
@tf.autograph.experimental.do_not_convert
def _cpu_engine_gradients(state, config, inputs, targets):
    """The same by the CPU engine, which sees the crops' size when the step is traced."""
    from srcnn_tf.engines.cpu.choosing import gradients as cpu_gradients

    network = state.network
    by_kernels = cpu_gradients(network.architecture, inputs.shape[1], config.loss, config.padding)
    variables = network.named_variables()

    def compute(inputs, targets, *weights):
        loss, gradients = by_kernels(weights, inputs, targets)
        return loss, *gradients

    loss, *gradients = tf.numpy_function(
        compute, [inputs, targets, *variables.values()], [tf.float32] * (1 + len(variables))
    )
    loss.set_shape([])
    by_variable = {}
    for gradient, variable in zip(gradients, variables.values(), strict=True):
        gradient.set_shape(variable.shape)
        by_variable[id(variable)] = gradient
    return loss, [by_variable[id(variable)] for variable in network.trainable_variables]


def symmetric_parts(state: TrainState, gradients: list[tf.Tensor]) -> list[tf.Tensor]:
    """Returns the parts of gradients that keep a symmetric network so; all of them of any other."""
    if not state.symmetric_tables:
        return gradients
    return [
        equivariance.symmetric_part(gradient, table)
        for gradient, table in zip(gradients, state.symmetric_tables, strict=True)
    ]


def finish_step(state: TrainState, config: TrainConfig) -> None:
    """Lets the average follow the weights, which the optimizer has just moved; counts the step."""
    # A young average follows closely, so that it is not held back by the initial weights.
    age = tf.cast(state.step, tf.float32)
    longest = min(config.ema_decay, max(0.0, 1 - 16 / config.steps))
    decay = tf.minimum(longest, (1 + age) / (10 + age))
    if longest == 0:
        decay = 0.0
    averages, variables = state.average.trainable_variables, state.network.trainable_variables
    for average, variable in zip(averages, variables, strict=True):
        average.assign(variable + decay * (average - variable))
    state.step.assign_add(1)


def make_run_steps(train_step: Callable, timed: bool = True) -> Callable:
    """Returns `run_steps(iterator, count) -> (mean loss, seconds spent waiting for input)`.

    The loop runs in the graph: Python is entered once for `count` steps.

    Args:
      train_step: from `make_train_step`, or `replicas.make_train_step`, whose iterator yields one
        batch for each replica.
      timed: whether to measure the wait, which on a GPU would make each step wait for the one
        before; without it the seconds are NaN.
    """

    @tf.function
    def run_untimed(iterator, count):
        total = tf.constant(0.0)
        for _ in tf.range(count):
            total += train_step(*next(iterator))
        return total / tf.cast(count, tf.float32), tf.constant(np.nan, tf.float64)

    @tf.function
    def run_steps(iterator, count):
        total, waited = tf.constant(0.0), tf.constant(0.0, tf.float64)
        for _ in tf.range(count):
            # TensorFlow orders no timestamp by itself: each must wait for what it comes after.
            with tf.control_dependencies([total]):
                before = tf.timestamp()
            with tf.control_dependencies([before]):
                inputs, targets = next(iterator)
            with tf.control_dependencies(
                tf.nest.flatten((inputs, targets), expand_composites=True)
            ):
                after = tf.timestamp()
            waited += after - before
            # Else the time would be taken beside the step, whenever that leaves a core for it.
            with tf.control_dependencies([after]):
                total += train_step(inputs, targets)
        return total / tf.cast(count, tf.float32), waited

    return run_steps if timed else run_untimed


def learning_rate(optimizer: keras.optimizers.Optimizer) -> float:
    """The rate that the next step uses."""
    return float(keras.ops.convert_to_numpy(optimizer.learning_rate))
