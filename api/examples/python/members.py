"""Group membership on Quoll: who is alive, told at once to all who are.

    python3 members.py HOST:PORT[,HOST:PORT...] NAME

Opens a session, announces NAME by an ephemeral znode below /members, and prints the members
whenever they change, one line each time. Ends when its standard input does. When its server goes
away it attaches its session at another; a write without a reply is sent again under its number, and
so applied once.
"""

import queue
import sys
import threading
import time

import grpc

from quoll.v1 import common_pb2, session_pb2, session_pb2_grpc, tree_pb2

GROUP = "/members"
TIMEOUT_MILLIS = 10_000


class Closed(Exception):
    """The session was closed, because this program asked for it."""


class Session:
    """A session of one thread: its requests and their replies go one by one."""

    def __init__(self, servers):
        self.servers = servers
        self.started = None  # SessionStarted, as soon as there is one
        self.last_zxid = 0
        self.last_cxid = 0
        self.events = []
        self.outgoing = None
        self.frames = None
        self.channel = None
        self.heard = time.monotonic()
        self.connect()

    def connect(self):
        """Opens the session or attaches it, at one server after the other."""
        while True:
            for server in list(self.servers):
                try:
                    return self.connect_to(server)
                except grpc.RpcError as error:
                    self.hang_up()
                    if error.code() == grpc.StatusCode.FAILED_PRECONDITION:
                        raise SystemExit(f"the session is over: {error.details()}") from error
                    self.servers.append(self.servers.pop(0))
            time.sleep(0.2)

    def connect_to(self, server):
        self.channel = grpc.insecure_channel(server)
        self.outgoing = queue.SimpleQueue()
        self.outgoing.put(self.start_frame())
        stub = session_pb2_grpc.SessionServiceStub(self.channel)
        self.frames = stub.Session(iter(self.outgoing.get, None))
        frame = next(self.frames)  # Raises what the server ends the stream with.
        self.started = frame.started
        self.last_zxid = max(self.last_zxid, frame.started.header.zxid)
        self.heard = time.monotonic()
        threading.Thread(
            target=self.ping, args=(self.outgoing, self.frames), daemon=True
        ).start()

    def start_frame(self):
        if self.started is None:
            return session_pb2.ClientFrame(
                open=session_pb2.OpenSession(timeout_millis=TIMEOUT_MILLIS)
            )
        return session_pb2.ClientFrame(
            attach=session_pb2.AttachSession(
                session_id=self.started.session_id,
                secret=self.started.secret,
                last_zxid=self.last_zxid,
            )
        )

    def ping(self, outgoing, frames):
        """Lets the server hear of the session, and leaves a server that is silent."""
        timeout = self.started.timeout_millis / 1000
        while outgoing is self.outgoing:
            outgoing.put(session_pb2.ClientFrame(ping=1))
            time.sleep(timeout / 6)
            if time.monotonic() - self.heard > timeout / 2:
                frames.cancel()
                return

    def hang_up(self):
        if self.outgoing is not None:
            self.outgoing.put(None)
        if self.channel is not None:
            self.channel.close()
        self.outgoing = None

    def write(self, **request):
        """Does a write, once, however often its server is lost meanwhile."""
        self.last_cxid += 1
        return self.request(cxid=self.last_cxid, **request)

    def request(self, **request):
        while True:
            try:
                self.outgoing.put(
                    session_pb2.ClientFrame(
                        requests=[session_pb2.SessionRequest(**request)],
                        first_unacknowledged_cxid=max(self.last_cxid, 1),
                    )
                )
                while True:
                    reply = self.receive()
                    if reply is not None:
                        return reply
            except grpc.RpcError:
                self.reconnect()

    def wait_for_event(self):
        """The next event; or None if the server was lost, and with it the watches."""
        try:
            while not self.events:
                self.receive()
            return self.events.pop(0)
        except grpc.RpcError:
            self.reconnect()
            return None

    def receive(self):
        """Takes a frame in; the reply in it, if there is one."""
        frame = next(self.frames)
        self.heard = time.monotonic()
        reply = None
        for item in frame.items:
            if item.WhichOneof("item") == "event":
                self.events.append(item.event)
                self.last_zxid = max(self.last_zxid, item.event.zxid)
            elif item.reply.WhichOneof("reply") == "close":
                raise Closed
            else:
                reply = item.reply
                self.last_zxid = max(self.last_zxid, item.reply.zxid)
        return reply

    def reconnect(self):
        self.hang_up()
        self.events.clear()
        self.connect()


def announce(session, name):
    """Creates the group if there is none, and the member; returns the member's path."""
    session.write(create=tree_pb2.CreateRequest(path=GROUP))  # That it exists is no harm.
    reply = session.write(
        create=tree_pb2.CreateRequest(
            path=f"{GROUP}/{name}-", mode=tree_pb2.EPHEMERAL_SEQUENTIAL
        )
    )
    if reply.WhichOneof("reply") == "error":
        code = common_pb2.ErrorCode.Name(reply.error.code)
        raise SystemExit(f"cannot announce {name}: {code} {reply.error.message}")
    return reply.create.path


def print_members(session):
    reply = session.request(get_children=tree_pb2.GetChildrenRequest(path=GROUP, watch=True))
    print("members:", *(child.name for child in reply.get_children.children), flush=True)


def close_at_end_of_input(session):
    """Ends the session, and with it the program, by a request on the stream of the moment."""
    sys.stdin.read()
    while True:
        outgoing = session.outgoing
        if outgoing is not None:
            outgoing.put(
                session_pb2.ClientFrame(
                    requests=[session_pb2.SessionRequest(close=session_pb2.CloseSessionRequest())]
                )
            )
        time.sleep(1)  # Again, if the stream was lost before its server read that.


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    session = Session(sys.argv[1].split(","))
    threading.Thread(target=close_at_end_of_input, args=(session,), daemon=True).start()
    try:
        print("announced", announce(session, sys.argv[2]), flush=True)
        while True:
            print_members(session)
            session.wait_for_event()
    except Closed:
        print("closed", flush=True)


if __name__ == "__main__":
    main()
