"""A real standalone Spark cluster on loopback: one master, and workers that can be killed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

#: Seconds in which a process of the cluster must be up.
TIMEOUT_S = 60
SETTINGS = """spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.ui.enabled false
spark.executor.cores 1
spark.sql.shuffle.partitions 2
"""
#: For tables so small that starting and compiling takes longer than the work.
QUICK = f"""{SETTINGS}spark.sql.codegen.wholeStage false
spark.sql.adaptive.enabled false
spark.driver.extraJavaOptions -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:TieredStopAtLevel=1
"""


class Cluster:
    """A master with its workers; `environment` is what a client needs to talk to it."""

    def __init__(self, folder: Path, memory: str = "1g", settings: str = QUICK) -> None:
        import pyspark

        self.folder = folder
        self.memory = memory
        (folder / "conf").mkdir(parents=True)
        (folder / "conf" / "spark-defaults.conf").write_text(f"{settings}spark.executor.memory {memory}\n")
        self.environment = os.environ | {
            "SPARK_HOME": str(Path(pyspark.__file__).parent),
            "SPARK_CONF_DIR": str(folder / "conf"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_DAEMON_MEMORY": "512m",
        }
        self.workers: list[subprocess.Popen[bytes]] = []
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"spark://127.0.0.1:{port}"
        where = ["--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]
        self._master = self._start("master.Master", "master", where, "I have been elected leader")

    def add_worker(self) -> None:
        """Start one more worker with one core."""
        name = f"worker{len(self.workers)}"
        size = ["--cores", "1", "--memory", self.memory, "--work-dir", str(self.folder / name)]
        arguments = ["--host", "127.0.0.1", "--webui-port", "0", *size, self.address]
        self.workers.append(self._start("worker.Worker", name, arguments, "Successfully registered with master"))

    def kill_worker(self) -> None:
        """Kill the first worker and all that it runs, at once."""
        self._end(self.workers.pop(0), signal.SIGKILL)

    def _start(self, cls: str, name: str, arguments: list[str], sign: str) -> subprocess.Popen[bytes]:
        log = self.folder / f"{name}.log"
        command = [self.environment["SPARK_HOME"] + "/bin/spark-class", f"org.apache.spark.deploy.{cls}", *arguments]
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=subprocess.STDOUT, env=self.environment, start_new_session=True
            )
        end = time.monotonic() + TIMEOUT_S
        while sign not in log.read_text(errors="replace"):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{name} did not start:\n{log.read_text(errors='replace')}")
            time.sleep(0.1)
        return process

    def _end(self, process: subprocess.Popen[bytes], how: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, how)
        process.wait(TIMEOUT_S)

    def close(self) -> None:
        """Stop everything."""
        for process in (*self.workers, self._master):
            self._end(process, signal.SIGKILL)


@contextmanager
def cluster(folder: Path, workers: int, **settings: str) -> Iterator[Cluster]:
    """Yield a cluster of that many workers; all of it ends with the block."""
    found = Cluster(folder, **settings)
    try:
        for _ in range(workers):
            found.add_worker()
        yield found
    finally:
        found.close()
