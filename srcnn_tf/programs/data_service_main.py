"""Runs a server of TensorFlow's tf.data service, which prepares batches for bin/train.

bin/data_service --role=dispatcher --port=5050
bin/data_service --role=worker --dispatcher=host:5050
"""

import socket
import sys
import time

from absl import flags

from srcnn_tf.programs.startup import configure_logging, start_tensorflow

ROLE = flags.DEFINE_enum(
    "role", None, ["dispatcher", "worker"], "The dispatcher shares out work; workers do it."
)
PORT = flags.DEFINE_integer("port", 0, "To listen on; 0 for any.", lower_bound=0, upper_bound=65535)
DISPATCHER = flags.DEFINE_string("dispatcher", None, "For a worker: the dispatcher's host:port.")
HOST = flags.DEFINE_string(
    "host", socket.gethostname(), "The name by which others reach this machine."
)
WORK_DIR = flags.DEFINE_string(
    "work_dir",
    None,
    "For a dispatcher: folder of a journal, from which it goes on when it is started again.",
)

_OPEN = (
    "listening on all network interfaces, without authentication or encryption: whoever reaches "
    "the port can run computations and read files here; let a firewall or a private network keep "
    "others out"
)

flags.mark_flag_as_required("role")


def main(argv):
    """Starts the server, and waits until it is stopped."""
    if len(argv) > 1:
        sys.exit(f"bin/data_service takes flags only; {argv[1]!r} needs a name.")
    if (ROLE.value == "worker") != bool(DISPATCHER.value):
        sys.exit(
            "bin/data_service: a worker needs --dispatcher=host:port, a dispatcher takes none."
        )
    configure_logging()
    # Reading records needs no GPU, and trainers on the same machine do.
    start_tensorflow("cpu")

    from srcnn_tf.data import data_service

    try:
        if ROLE.value == "dispatcher":
            server = data_service.start_dispatcher(PORT.value, WORK_DIR.value or None)
            port = server.target.rpartition(":")[2]
            print(f"serving grpc://{HOST.value}:{port}", flush=True)
        else:
            server = data_service.start_worker(DISPATCHER.value, PORT.value, HOST.value)
            print(f"working for {DISPATCHER.value}", flush=True)
        print(_OPEN, file=sys.stderr, flush=True)
        # Not `server.join()`, which is deaf to signals.
        while True:
            time.sleep(60)
    except data_service.DataServiceError as error:
        sys.exit(f"bin/data_service: {error}")
