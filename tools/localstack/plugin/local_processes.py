"""Lets LocalStack run functions as processes of this machine; by itself it has containers only.

A function's package holds a program `bootstrap`, which asks the Lambda runtime API for events. LocalStack has no such API
of its own, so each process gets one here, on the loopback interface. Whatever runtime a function names, its `bootstrap`
is run: the package is the same for all of them.
"""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from localstack import config
from localstack.services.lambda_.invocation.executor_endpoint import StatusErrorException
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.plugins import RuntimeExecutorPlugin
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

LOOPBACK = "127.0.0.1"
INHERITED = ("PATH", "LANG", "TMPDIR", "PAIRBATCH_JAVA")
LOG_BYTES = 1 << 20

# What a process has done.
ASKS, RESPONDS, FAILS, ENDS = "asks", "responds", "fails", "ends"


def failure(kind, message):
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


class RuntimeApi(BaseHTTPRequestHandler):
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        process = self.server.process
        process.done.put((ASKS, b""))
        event = process.events.get()
        if event is None:
            self.close_connection = True
            return
        self.reply(
            200,
            event["payload"].encode(),
            {
                "Lambda-Runtime-Aws-Request-Id": event["invoke-id"],
                "Lambda-Runtime-Deadline-Ms": str(event["deadline"]),
                "Lambda-Runtime-Invoked-Function-Arn": event["invoked-function-arn"],
                "Lambda-Runtime-Trace-Id": event["trace-id"],
            },
        )

    def do_POST(self):
        body = self.read()
        self.server.process.done.put((RESPONDS if self.path.endswith("/response") else FAILS, body))
        self.reply(202, b"{}", {})

    def read(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def reply(self, status, body, headers):
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Requests hold payloads, which belong into no log."""


class FunctionProcess:
    """One process of a function, started, and its runtime API."""

    def __init__(self, folder, variables, log):
        self.events = queue.Queue()
        self.done = queue.Queue()
        self.server = ThreadingHTTPServer((LOOPBACK, 0), RuntimeApi)
        self.server.daemon_threads = True
        self.server.process = self
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.child = subprocess.Popen(
            [os.path.join(folder, "bootstrap")],
            cwd=folder,
            env={**variables, "AWS_LAMBDA_RUNTIME_API": f"{LOOPBACK}:{self.server.server_port}"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        threading.Thread(target=self.await_end, daemon=True).start()

    def await_end(self):
        status = self.child.wait()
        how = signal.strsignal(-status).lower() if status < 0 else f"exit status {status}"
        self.done.put((ENDS, failure("Runtime.ExitError", f"Runtime exited with error: {how}")))

    def lives(self):
        return self.child.poll() is None

    def end(self):
        if self.lives():
            os.killpg(self.child.pid, signal.SIGKILL)
            self.child.wait()
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()


class ProcessExecutor(RuntimeExecutor):
    """An execution environment: one process at a time, followed by another when it has ended."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.log = tempfile.TemporaryFile()
        self.variables = {}
        self.process = None

    def start(self, env_vars):
        self.variables = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self.variables |= {name: str(value) for name, value in env_vars.items()}
        self.renew()

    def renew(self):
        if self.process:
            self.process.end()
        folder = str(self.function_version.config.code.get_unzipped_code_location())
        self.process = FunctionProcess(folder, self.variables, self.log)
        what, body = self.process.done.get()
        if what != ASKS:
            self.process.end()
            raise StatusErrorException("the function's process did not start", body)

    def invoke(self, payload):
        if not self.process.lives():
            self.renew()
        request, seconds = payload["invoke-id"], self.function_version.config.timeout
        logged = os.fstat(self.log.fileno()).st_size
        began = time.time()
        self.process.events.put({**payload, "deadline": int((began + seconds) * 1000)})
        try:
            what, body = self.process.done.get(timeout=seconds)
        except queue.Empty:
            self.process.end()
            what, body = ENDS, failure("Sandbox.Timedout", f"{request} Task timed out after {seconds}.00 seconds")
        if what in (RESPONDS, FAILS):
            # Its next event, or its end: until then it is at work.
            self.process.done.get()
        most = config.LAMBDA_LIMITS_MAX_FUNCTION_PAYLOAD_SIZE_BYTES
        if len(body) > most:
            what, body = FAILS, failure("Function.ResponseSizeTooLarge", f"the response has more than {most} bytes")
        milliseconds = (time.time() - began) * 1000
        logs = (
            f"START RequestId: {request}\n{self.get_logs(logged)}END RequestId: {request}\n"
            f"REPORT RequestId: {request}\tDuration: {milliseconds:.2f} ms\n"
        )
        return InvocationResult(request, body, is_error=what != RESPONDS, logs=logs)

    def stop(self):
        if self.process:
            self.process.end()

    def get_logs(self, start=0):
        return os.pread(self.log.fileno(), LOG_BYTES, start).decode(errors="replace")

    def get_address(self):
        return LOOPBACK

    def get_endpoint_from_executor(self):
        return LOOPBACK

    def get_runtime_endpoint(self):
        return f"http://{LOOPBACK}:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version):
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version):
        """The package is removed with the function."""


class LocalProcesses(RuntimeExecutorPlugin):
    name = "processes"

    def load(self, *_arguments, **_named):
        return ProcessExecutor
