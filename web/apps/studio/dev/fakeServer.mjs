/**
 * A make-believe server for looking at the studio: speaks the protocol (docs/protocol.md) with a few rooms and people
 * in them, and carries no media. Start it with `npm run dev:fake`, and `npm run dev` beside it.
 */
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { coHostHandlers } from './fakeConnections.mjs';
import { FakeRoom } from './fakeRoom.mjs';
import { answerOf } from './fakeSdp.mjs';

const port = Number(process.env.PORT ?? 5180);
const rooms = new Map();
const http = createServer((_request, response) => response.writeHead(404).end());
const sockets = new WebSocketServer({ server: http, path: '/v1/ws', handleProtocols: () => 'dais.v1' });

const person = (userId, userName) => ({ userId, userName, avatarUrl: '' });
const refuse = (code, name, message) => Object.assign(new Error(message), { code, data: { name, retryable: false } });

function seed() {
  if (process.env.EMPTY === '1') {
    return;
  }
  const start = (id, title, host, watching, guests = []) => {
    const room = new FakeRoom(id, { name: title, template: id === 'kitchen' ? 601 : 600 }, host, watching);
    for (const guest of guests) {
      room.seat(guest);
    }
    rooms.set(id, room);
  };
  start('kitchen', 'Sunday dumplings, start to finish', person('mei', 'Mei Tanaka'), 1284, [person('jo', 'Jo Berg')]);
  start('vinyl', 'Vinyl hour: dub, soul and rain', person('otis', 'Otis Marlow'), 312);
  start('bike', 'Fixing your bikes, live', person('lena', 'Lena Fuchs'), 48, [person('sam', 'Sam Okoro'), person('ida', 'Ida Holm')]);
  start('chess', 'Blitz against everybody', person('ravi', 'Ravi Nair'), 9210);
  start('garden', 'What grows in November?', person('pilar', 'Pilar Soto'), 17);
  // Enough for a second page of hosts to connect with.
  const crafts = ['Pottery', 'Piano', 'Baking', 'Yoga', 'Sketching', 'Astronomy', 'Chess', 'Running', 'Weaving', 'Radio'];
  for (let index = 0; index < Number(process.env.MORE ?? 0); index++) {
    const craft = crafts[index % crafts.length];
    start(`more-${index}`, `${craft} at home`, person(`more-${index}`, `${craft} with Kim ${index + 1}`), (index * 37) % 500);
  }
}

const handlers = {
  'session.open': (client, params) => {
    client.user = person(params.userId ?? 'nobody', params.userName ?? 'Nobody');
    return { sessionId: 's', resumeKey: 'k', resumed: false, ...client.user, serverTime: Date.now(), pingSeconds: 20,
      graceSeconds: 10, iceServers: [], developmentMode: true };
  },
  'session.ping': () => ({ serverTime: Date.now() }),
  'room.list': () => ({ rooms: [...rooms.values()].map((room) => room.info()), cursor: '' }),
  'room.start': (client, { roomId, name, seatLayoutTemplateId }) => {
    const room = new FakeRoom(roomId, { name, template: seatLayoutTemplateId ?? 600 }, client.user, 0);
    rooms.set(roomId, room);
    return room.join(client);
  },
  'room.join': (client, { roomId, offer }) => ({ ...roomOf(roomId).join(client), answer: offer && answerOf(offer) }),
  'room.leave': (client, { roomId }) => roomOf(roomId).leave(client),
  'room.end': (_client, { roomId }) => {
    roomOf(roomId).end();
    rooms.delete(roomId);
  },
  'room.update': (_client, { roomId, ...changes }) => roomOf(roomId).update(changes),
  'message.send': (client, { roomId, text }) => roomOf(roomId).write(client.user, text),
  'message.history': (_client, { roomId }) => ({ messages: roomOf(roomId).messages.slice(-50) }),
  'audience.setMessageDisabled': (_client, { roomId, userId, disabled }) =>
    roomOf(roomId).setMessageDisabled(userId, disabled),
  'seat.apply': (client, { roomId, timeout }) => roomOf(roomId).apply(client.user, timeout ?? 60),
  'seat.cancelApplication': (client, { roomId }) => roomOf(roomId).endApplication(client.user.userId, 'cancelled', client.user),
  'seat.acceptApplication': (client, { roomId, userId }) => roomOf(roomId).endApplication(userId, 'accepted', client.user),
  'seat.rejectApplication': (client, { roomId, userId }) => roomOf(roomId).endApplication(userId, 'rejected', client.user),
  'seat.leave': (client, { roomId }) => roomOf(roomId).unseat(client.user.userId, 'left', client.user),
  'seat.kick': (client, { roomId, userId }) => roomOf(roomId).unseat(userId, 'kicked', client.user),
  'media.subscribe': (_client, { offer }) => ({ answer: answerOf(offer) }),
  'media.publish': (client, { roomId, offer }) => {
    roomOf(roomId).setDevices(client.user.userId, { microphone: 'on', camera: 'on' });
    return { answer: answerOf(offer) };
  },
  'media.unpublish': (client, { roomId }) =>
    roomOf(roomId).setDevices(client.user.userId, { microphone: 'off', camera: 'off' }),
  'media.setMuted': (client, { roomId, microphone, camera }) =>
    roomOf(roomId).setDevices(client.user.userId, {
      ...(microphone === undefined ? {} : { microphone: microphone ? 'off' : 'on' }),
      ...(camera === undefined ? {} : { camera: camera ? 'off' : 'on' }),
    }),
  ...coHostHandlers(rooms, roomOf, refuse),
  // Only here: lets a script put a room into a state to be looked at.
  'fake.do': (_client, { roomId, action, ...rest }) => roomOf(roomId)[action](...(rest.args ?? [])),
};

function roomOf(roomId) {
  const room = rooms.get(roomId);
  if (room === undefined) {
    throw refuse(100004, 'roomNotFound', 'The room does not exist.');
  }
  return room;
}

sockets.on('connection', (socket) => {
  const client = { user: person('nobody', 'Nobody'), send: (message) => socket.send(JSON.stringify(message)) };
  socket.on('message', (text) => {
    const { id, method, params } = JSON.parse(String(text));
    try {
      const handler = handlers[method] ?? (() => { throw refuse(-32601, 'methodNotFound', 'No such method.'); });
      client.send({ jsonrpc: '2.0', id, result: handler(client, params ?? {}) ?? {} });
    } catch ({ code = -32603, message, data = { name: 'internalError', retryable: false } }) {
      client.send({ jsonrpc: '2.0', id, error: { code, message, data } });
    }
  });
  socket.on('close', () => rooms.forEach((room) => room.leave(client)));
});

seed();
http.listen(port, () => process.stdout.write(`Make-believe server at http://localhost:${port}\n`));
