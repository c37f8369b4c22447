const names = ['Nora Lind', 'Tom Achebe', 'Yuki Sato', 'Ana Prado', 'Felix Baum', 'Zoe Martin', 'Ben Carter', 'Aisha Khan'];
const crowd = names.map((userName, index) => ({ userId: `viewer-${index}`, userName, avatarUrl: '' }));

/** Regions of layouts the studio offers, as the server draws them (template 400, 600 and 601). */
function regionsOf(template, count) {
  const whole = { x: 0, y: 0, width: 1, height: 1, zOrder: 0 };
  if (template === 400 && count === 2) {
    return [0, 0.5].map((x) => ({ x, y: 0, width: 0.5, height: 1, zOrder: 0 }));
  }
  if (count <= 1 || template === 601) {
    const small = (index) => ({ x: 0.7885, y: 0.79 - index * 0.17, width: 0.1875, height: 0.16, zOrder: 1 });
    return [whole, ...Array.from({ length: Math.max(0, count - 1) }, (_, index) => small(index))];
  }
  if (count === 2) {
    return [0, 0.5].map((x) => ({ x, y: 0.216, width: 0.5, height: 0.5, zOrder: 0 }));
  }
  const square = (width) => width * 0.5625;
  if (count === 3) {
    return [
      { x: 0, y: 0.216, width: 2 / 3, height: square(2 / 3), zOrder: 0 },
      ...[0, 1].map((row) => ({ x: 2 / 3, y: 0.216 + row * square(1 / 3), width: 1 / 3, height: square(1 / 3), zOrder: 0 })),
    ];
  }
  const columns = count === 4 ? 2 : 3;
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) / columns,
    y: 0.216 + Math.floor(index / columns) * square(1 / columns),
    width: 1 / columns,
    height: square(1 / columns),
    zOrder: 0,
  }));
}

/** A room in memory, in the words of the protocol. */
export class FakeRoom {
  #seq = 1;
  #clients = new Set();
  #applications = new Map();
  #seats = [];
  /** Open requests to connect with other rooms, by the other room. */
  sentHostRequests = new Map();
  receivedHostRequests = new Map();
  /** What connects this room with others, one object for all of them. */
  connection = null;
  mutedRooms = new Set();
  /** What was written last. */
  messages = [];

  constructor(roomId, { name, template }, owner, watching) {
    this.base = { roomId, name, notice: '', coverUrl: '', owner, createdAt: Date.now() - watching * 1_000, phase: 'live',
      seatMode: 'apply', maxSeats: 9 };
    this.template = template;
    this.watching = watching;
    this.#seats = Array.from({ length: 9 }, (_, index) => ({ index, locked: false, user: null, microphone: 'off',
      camera: 'off', reconnecting: false }));
    this.seat(owner);
  }

  info() {
    const present = [...this.#clients].filter((client) => client.user.userId !== this.base.owner.userId).length;
    return { ...this.base, audienceCount: this.watching + present };
  }

  join(client) {
    this.#clients.add(client);
    this.#audienceChanged();
    return { room: this.#snapshot(client.user), seq: this.#seq };
  }

  leave(client) {
    if (this.#clients.delete(client)) {
      this.#audienceChanged();
    }
  }

  end(reason = 'host') {
    this.#tell('room.ended', { reason });
  }

  /** Somebody writes; scripts may say who. */
  write(user, text) {
    const message = { messageId: `m-${this.#seq + 1}`, from: user, kind: 'text', text };
    this.#tell('message', message);
    this.messages = [...this.messages, { ...message, seq: this.#seq, at: Date.now() }].slice(-100);
    return { messageId: message.messageId, seq: this.#seq };
  }

  setMessageDisabled(userId, disabled) {
    const user = this.#audience().find((member) => member.userId === userId) ?? { userId, userName: '', avatarUrl: '' };
    this.#tell('member.messageDisabledChanged', { user, disabled });
  }

  update(changes) {
    this.#tell('room.updated', changes);
  }

  setPhase(phase) {
    this.base.phase = phase;
    this.#tell('room.phase', { phase });
  }

  seat(user) {
    const seat = this.#seats.find((each) => each.user === null);
    Object.assign(seat, { user, microphone: 'on', camera: 'on' });
    this.#seatsChanged({ joined: [user] });
  }

  seatByName(userId, userName, devices = {}) {
    this.seat({ userId, userName, avatarUrl: '' });
    this.setDevices(userId, devices);
  }

  unseat(userId, reason, by) {
    const seat = this.#seats.find((each) => each.user?.userId === userId);
    if (seat !== undefined) {
      const left = [{ user: seat.user, seatIndex: seat.index, reason, by }];
      Object.assign(seat, { user: null, microphone: 'off', camera: 'off', reconnecting: false });
      this.#seatsChanged({ left });
    }
  }

  setDevices(userId, devices) {
    const seat = this.#seats.find((each) => each.user?.userId === userId);
    if (seat !== undefined) {
      Object.assign(seat, devices);
      (this.connection?.rooms ?? [this]).forEach((room) => room.#seatsChanged({}));
    }
  }

  apply(user, timeout) {
    const request = { requestId: `r-${user.userId}-${this.#seq}`, user, inviter: null, seatIndex: -1, createdAt: Date.now(),
      expiresAt: Date.now() + timeout * 1_000, extraInfo: '' };
    const timer = setTimeout(() => this.endApplication(user.userId, 'timedOut', null), timeout * 1_000);
    this.#applications.set(user.userId, { request, timer });
    this.#tell('seat.applied', { request });
    return { requestId: request.requestId, seated: false };
  }

  applyByName(userId, userName, timeout = 60) {
    this.apply({ userId, userName, avatarUrl: '' }, timeout);
  }

  endApplication(userId, outcome, by) {
    const entry = this.#applications.get(userId);
    if (entry === undefined) {
      throw Object.assign(new Error('No such request.'), { code: -2311, data: { name: 'noSuchRequest', retryable: false } });
    }
    clearTimeout(entry.timer);
    this.#applications.delete(userId);
    if (outcome === 'accepted') {
      this.seat(entry.request.user);
    }
    this.#tell('seat.applicationEnded', { request: entry.request, outcome, by, code: 0, message: '' });
  }

  #stage() {
    const own = this.#seats.filter((seat) => seat.user !== null).map((seat) => ({ ...seat, slot: seat.index, room: this }));
    const remote = this.#remoteRooms().map((room, index) => ({ ...room.hostSeat(), slot: 9 + index, room }));
    const shown = [...own, ...remote];
    const regions = regionsOf(this.connection?.layoutTemplateId ?? this.template, shown.length);
    return shown.map(({ slot, room, index: seatIndex, user, microphone, camera }, index) => ({ slot,
      roomId: room.base.roomId, seatIndex, user, microphone, camera, region: regions[index] }));
  }

  hostSeat() {
    return this.#seats.find((seat) => seat.user?.userId === this.base.owner.userId);
  }

  asHost() {
    return { roomId: this.base.roomId, host: this.base.owner };
  }

  #remoteRooms() {
    return (this.connection?.rooms ?? []).filter((room) => room !== this);
  }

  #wireConnection() {
    return this.connection && { connectionId: 'c', layoutTemplateId: this.connection.layoutTemplateId,
      members: this.connection.rooms.map((room) => room.asHost()), mutedRooms: [...this.mutedRooms] };
  }

  connectionChanged({ joined = [], left = [] }) {
    this.#tell('coHost.changed', { connection: this.#wireConnection(), joined, left });
    this.#seatsChanged({});
  }

  hostRequested(request) {
    this.#tellHost('coHost.requested', { request });
  }

  hostRequestEnded(request, outcome) {
    this.#tellHost('coHost.requestEnded', { request, outcome, code: 0 });
  }

  #seatsChanged({ joined = [], left = [] }) {
    this.#tell('seat.changed', { seats: this.#seats, joined, left });
    this.#tell('stage.changed', { stage: this.#stage(), canvas: this.#canvas() });
  }

  #canvas() {
    return this.connection?.layoutTemplateId === 400 ? { width: 1280, height: 720 } : { width: 720, height: 1280 };
  }

  #audienceChanged() {
    this.#tell('audience.changed', { count: this.info().audienceCount, sample: this.#audience() });
  }

  #audience() {
    return [...[...this.#clients].map((client) => client.user), ...(this.watching > 0 ? crowd : [])];
  }

  #snapshot(user) {
    return { ...this.info(), seatLayoutTemplateId: this.template, canvas: this.#canvas(), seats: this.#seats,
      stage: this.#stage(), audience: this.#audience(), metadata: {},
      connection: this.#wireConnection(), sentHostRequests: [...this.sentHostRequests.values()],
      receivedHostRequests: [...this.receivedHostRequests.values()],
      role: user.userId === this.base.owner.userId ? 'host' : 'audience',
      applications: [...this.#applications.values()].map((entry) => entry.request), invitations: [] };
  }

  #tellHost(type, data) {
    this.#tell(type, data, (client) => client.user.userId === this.base.owner.userId);
  }

  #tell(type, data, to = () => true) {
    this.#seq += 1;
    const params = { roomId: this.base.roomId, seq: this.#seq, at: Date.now(), type, data };
    [...this.#clients].filter(to).forEach((client) => client.send({ jsonrpc: '2.0', method: 'room.event', params }));
  }
}
