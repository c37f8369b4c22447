/** A track that is only a name. */
export class FakeTrack {
  enabled = true;
  /** How large the picture is; unknown where nothing is said. */
  size: { width?: number; height?: number } = {};
  constructor(
    readonly kind: 'audio' | 'video',
    readonly id: string,
  ) {}

  getSettings(): { width?: number; height?: number } {
    return this.size;
  }
}

/** A stream that only holds tracks. */
export class FakeStream {
  readonly #tracks: FakeTrack[];

  constructor(...tracks: FakeTrack[]) {
    this.#tracks = tracks;
  }

  getTracks(): FakeTrack[] {
    return [...this.#tracks];
  }

  getAudioTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }

  getVideoTracks(): FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }

  addTrack(track: FakeTrack): void {
    this.#tracks.push(track);
  }

  removeTrack(track: FakeTrack): void {
    this.#tracks.splice(this.#tracks.indexOf(track), 1);
  }
}

export class FakeTransceiver {
  readonly receiver: { track: FakeTrack };
  readonly sender: {
    track: FakeTrack | null;
    replaceTrack: (track: FakeTrack | null) => Promise<void>;
    getParameters: () => { encodings: RTCRtpEncodingParameters[] };
    setParameters: (parameters: { encodings: RTCRtpEncodingParameters[] }) => Promise<void>;
  };
  codecs: string[] = [];

  constructor(
    readonly kind: 'audio' | 'video',
    readonly direction: string,
    track: FakeTrack | null,
    id: string,
    public encodings: RTCRtpEncodingParameters[] = [],
  ) {
    this.receiver = { track: new FakeTrack(kind, id) };
    this.sender = {
      track,
      replaceTrack: (next) => {
        this.sender.track = next;
        return Promise.resolve();
      },
      getParameters: () => ({ encodings: this.encodings.map((encoding) => ({ active: true, ...encoding })) }),
      setParameters: ({ encodings }) => {
        this.encodings = encodings;
        return Promise.resolve();
      },
    };
  }

  setCodecPreferences(codecs: { mimeType: string }[]): void {
    this.codecs = codecs.map(({ mimeType }) => mimeType);
  }
}

/** A peer connection that records what it was told; the test decides how its path fares. */
export class FakePeer {
  connectionState = 'new';
  onconnectionstatechange: (() => void) | null = null;
  readonly transceivers: FakeTransceiver[] = [];
  readonly answers: string[] = [];
  readonly iceRestarts: boolean[] = [];
  closed = false;

  constructor(
    readonly name: string,
    public configuration: RTCConfiguration,
  ) {}

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  addTransceiver(trackOrKind: FakeTrack | 'audio' | 'video', init: RTCRtpTransceiverInit): FakeTransceiver {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const id = `${this.name}-${this.transceivers.length}`;
    const transceiver = new FakeTransceiver(kind, init.direction ?? 'sendrecv', track, id, init.sendEncodings);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  createOffer({ iceRestart }: { iceRestart?: boolean } = {}): Promise<{ type: string; sdp: string }> {
    this.iceRestarts.push(iceRestart === true);
    return Promise.resolve({ type: 'offer', sdp: `offer-${this.name}-${this.iceRestarts.length}` });
  }

  setLocalDescription(): Promise<void> {
    return Promise.resolve();
  }

  setRemoteDescription({ sdp }: { sdp: string }): Promise<void> {
    if (sdp.startsWith('bad')) {
      return Promise.reject(new Error('This answer fits no offer.'));
    }
    this.answers.push(sdp);
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }

  /** The path changes; what `onconnectionstatechange` hears of. */
  become(state: 'connected' | 'disconnected' | 'failed'): void {
    this.connectionState = state;
    this.onconnectionstatechange?.();
  }
}
