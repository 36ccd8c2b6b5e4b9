// Group membership on Quoll: who is alive, told at once to all who are.
//
//     npm install && node members.js HOST:PORT[,HOST:PORT...] NAME
//
// Opens a session, announces NAME by an ephemeral znode below /members, and prints the members
// whenever they change, one line each time. Ends when its standard input does. When its server goes
// away it attaches its session at another; a write without a reply is sent again under its number,
// and so applied once.
import { fileURLToPath } from 'node:url';
import grpc from '@grpc/grpc-js';
import protoLoader from '@grpc/proto-loader';

const GROUP = '/members';
const TIMEOUT_MILLIS = 10_000;
const RETRY_MILLIS = 200;

const protos = fileURLToPath(new URL('../../src/main/proto', import.meta.url));
const definition = protoLoader.loadSync('quoll/v1/session.proto', {
  includeDirs: [protos],
  keepCase: true,
  longs: String,
  enums: String,
  oneofs: true,
  defaults: true,
});
const { SessionService } = grpc.loadPackageDefinition(definition).quoll.v1;

class Session {
  constructor(servers, onEvent, onEnd) {
    this.servers = servers;
    this.onEvent = onEvent;
    this.onEnd = onEnd;
    this.unanswered = []; // Requests in their order, each with how to settle its promise.
    this.lastXid = 0;
    this.lastCxid = 0;
    this.lastZxid = 0n;
    this.connect();
  }

  connect() {
    this.client = new SessionService(this.servers[0], grpc.credentials.createInsecure());
    this.stream = this.client.Session();
    this.stream.on('data', (frame) => this.receive(frame));
    this.stream.on('error', (error) => this.lost(error));
    this.stream.on('status', ({ code }) => code === grpc.status.OK && this.onEnd());
    this.stream.write(
      this.started
        ? {
            attach: {
              session_id: this.started.session_id,
              secret: this.started.secret,
              last_zxid: this.lastZxid.toString(),
            },
          }
        : { open: { timeout_millis: TIMEOUT_MILLIS } },
    );
    this.heard = Date.now();
    this.pings = setInterval(() => this.ping(), TIMEOUT_MILLIS / 6);
  }

  lost(error) {
    clearInterval(this.pings);
    this.client.close();
    this.isReady = false;
    if (error.code === grpc.status.FAILED_PRECONDITION) {
      this.onEnd(error);
      return;
    }
    this.servers.push(this.servers.shift());
    setTimeout(() => this.connect(), RETRY_MILLIS);
  }

  // Lets the server hear of the session, and leaves a server that is silent.
  ping() {
    if (Date.now() - this.heard > TIMEOUT_MILLIS / 2) {
      this.stream.cancel();
    } else if (this.isReady) {
      this.stream.write({ ping: 1 });
    }
  }

  receive(frame) {
    this.heard = Date.now();
    if (frame.started) {
      const attached = this.started !== undefined;
      this.started = frame.started;
      this.isReady = true;
      this.send(this.unanswered.map(({ request }) => request));
      if (attached) {
        this.onEvent(undefined); // The watches went with the old stream.
      }
    }
    for (const { item, reply, event } of frame.items) {
      this.saw(item === 'event' ? event.zxid : reply.zxid);
      if (item === 'event') {
        this.onEvent(event);
      } else {
        this.unanswered.shift().settle(reply);
      }
    }
  }

  saw(zxid) {
    if (BigInt(zxid) > this.lastZxid) {
      this.lastZxid = BigInt(zxid);
    }
  }

  write(request) {
    return this.request({ ...request, cxid: ++this.lastCxid });
  }

  request(request) {
    return new Promise((resolve, reject) => {
      const numbered = { ...request, xid: ++this.lastXid };
      const settle = (reply) =>
        reply.reply === 'error'
          ? reject(Object.assign(new Error(reply.error.message), { reason: reply.error.code }))
          : resolve(reply[reply.reply]);
      this.unanswered.push({ request: numbered, settle });
      if (this.isReady) {
        this.send([numbered]);
      }
    });
  }

  send(requests) {
    if (requests.length > 0) {
      const firstWrite = this.unanswered.find(({ request }) => request.cxid !== undefined);
      this.stream.write({
        requests,
        first_unacknowledged_cxid: firstWrite ? firstWrite.request.cxid : this.lastCxid + 1,
      });
    }
  }
}

async function announce(session, name) {
  try {
    await session.write({ create: { path: GROUP } });
  } catch (error) {
    if (error.reason !== 'ERROR_CODE_NODE_EXISTS') {
      throw error;
    }
  }
  const created = await session.write({
    create: { path: `${GROUP}/${name}-`, mode: 'EPHEMERAL_SEQUENTIAL' },
  });
  console.log('announced', created.path);
}

async function printMembers(session) {
  const { children } = await session.request({ get_children: { path: GROUP, watch: true } });
  console.log('members:', ...children.map(({ name }) => name));
}

async function main([servers, name]) {
  if (!name) {
    console.error('usage: node members.js HOST:PORT[,HOST:PORT...] NAME');
    process.exit(2);
  }
  let announced = false;
  const session = new Session(
    servers.split(','),
    () => announced && printMembers(session),
    (error) => {
      console.log(error ? `the session is over: ${error.details}` : 'closed');
      process.exit(error ? 1 : 0);
    },
  );
  process.stdin.on('end', () => session.request({ close: {} })).resume();
  await announce(session, name);
  announced = true;
  await printMembers(session);
}

await main(process.argv.slice(2));
