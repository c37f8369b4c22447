/** Rooms that connect, in the words of the protocol: what `coHost.*` does to the rooms of the make-believe server. */
const roomsMax = 9;
const pageSize = 20;

/** What the hosts nobody sits behind do when they are asked, after a moment; the others never answer. */
const habits = { vinyl: 'accepted', chess: 'rejected', bike: 'accepted' };
const answerMs = Number(process.env.ANSWER_MS ?? 4_000);

/** The methods `coHost.*`; `roomOf` finds a room, `rooms` are all of them. */
export function coHostHandlers(rooms, roomOf, refuse) {
  const noRequest = () => refuse(-2311, 'noSuchRequest', 'No such request.');

  function end(from, to, outcome) {
    const request = from.sentHostRequests.get(to.base.roomId);
    if (request === undefined) {
      throw noRequest();
    }
    from.sentHostRequests.delete(to.base.roomId);
    to.receivedHostRequests.delete(from.base.roomId);
    if (outcome === 'accepted') {
      connect(from, to, request.layoutTemplateId);
    }
    [from, to].forEach((room) => room.hostRequestEnded(request, outcome));
  }

  function connect(from, to, layoutTemplateId) {
    const connection = from.connection ?? to.connection ?? { layoutTemplateId, rooms: [] };
    const joined = [from, to].filter((room) => !connection.rooms.includes(room));
    connection.rooms = [...connection.rooms, ...joined];
    for (const room of connection.rooms) {
      room.connection = connection;
      const others = joined.includes(room) ? connection.rooms.filter((other) => other !== room) : joined;
      room.connectionChanged({ joined: others.map((other) => other.asHost()) });
    }
  }

  function exit(room, reason = 'left') {
    const { connection } = room;
    if (connection === null) {
      throw refuse(100400, 'notConnected', 'Not connected.');
    }
    const stay = connection.rooms.filter((other) => other !== room);
    const goes = [room, ...(stay.length === 1 ? stay : [])];
    connection.rooms = stay;
    for (const other of goes) {
      other.connection = null;
      other.mutedRooms.clear();
    }
    const left = goes.map((other) => ({ ...other.asHost(), reason: other === room ? reason : 'alone' }));
    [room, ...stay].forEach((other) => other.connectionChanged({ left }));
  }

  function ask(from, to, { layoutTemplateId = 600, timeout = 30, extraInfo = '' }) {
    if (to === undefined) {
      return 1;
    }
    if (to === from) {
      return -1;
    }
    if (from.receivedHostRequests.has(to.base.roomId)) {
      end(to, from, 'accepted');
      return 0;
    }
    if (from.sentHostRequests.has(to.base.roomId) || from.connection?.rooms.includes(to)) {
      return 2;
    }
    if (from.connection && to.connection) {
      return 3;
    }
    if ((from.connection ?? to.connection)?.rooms.length >= roomsMax) {
      return 4;
    }
    const request = { requestId: `h-${from.base.roomId}-${to.base.roomId}-${Date.now()}`, from: from.asHost(),
      to: to.asHost(), layoutTemplateId, extraInfo, expiresAt: timeout === 0 ? null : Date.now() + timeout * 1_000 };
    from.sentHostRequests.set(to.base.roomId, request);
    to.receivedHostRequests.set(from.base.roomId, request);
    [from, to].forEach((room) => room.hostRequested(request));
    const later = (ms, outcome) =>
      setTimeout(() => from.sentHostRequests.get(to.base.roomId) === request && end(from, to, outcome), ms);
    if (timeout > 0) {
      later(timeout * 1_000, 'timedOut');
    }
    if (to.base.roomId in habits) {
      later(answerMs, habits[to.base.roomId]);
    }
    return 0;
  }

  return {
    'coHost.request': (_client, { roomId, targetRoomIds, ...options }) => ({
      results: Object.fromEntries(targetRoomIds.map((id) => [id, ask(roomOf(roomId), rooms.get(id), options)])),
    }),
    'coHost.cancel': (_client, { roomId, targetRoomId }) => end(roomOf(roomId), roomOf(targetRoomId), 'cancelled'),
    'coHost.accept': (_client, { roomId, fromRoomId }) => end(roomOf(fromRoomId), roomOf(roomId), 'accepted'),
    'coHost.reject': (_client, { roomId, fromRoomId }) => end(roomOf(fromRoomId), roomOf(roomId), 'rejected'),
    'coHost.exit': (_client, { roomId }) => exit(roomOf(roomId)),
    'coHost.muteRemoteAudio': (_client, { roomId, remoteRoomId, muted }) => {
      const room = roomOf(roomId);
      room.mutedRooms[muted ? 'add' : 'delete'](remoteRoomId);
      room.connectionChanged({});
    },
    'coHost.candidates': (_client, { roomId, cursor = '' }) => {
      const own = roomOf(roomId);
      const free = [...rooms.values()].filter((room) =>
        room !== own && !own.sentHostRequests.has(room.base.roomId) && !own.connection?.rooms.includes(room));
      const start = Number(cursor || 0);
      const candidates = free.slice(start, start + pageSize).map((room) => ({ ...room.asHost(), audienceCount: room.info().audienceCount }));
      return { candidates, cursor: start + pageSize < free.length ? String(start + pageSize) : '' };
    },
    // Only here: another room asks, so that a script can look at what its host sees.
    'fake.ask': (_client, { from, to, ...options }) => ({ code: ask(roomOf(from), roomOf(to), options) }),
  };
}
