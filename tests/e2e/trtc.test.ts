import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client, ClientEvents, RemoteStream, RtcError, TRTC as Trtc } from '../../web/packages/trtc/src/index.js';
import { startServer } from './support/server.js';
import type { RunningServer } from './support/server.js';
import { TrtcPage, TrtcSite } from './support/trtcPage.js';

/**
 * Hosts of two rooms see each other by being in both, each with two clients under one user id, in the words of the TRTC
 * web SDK. Each test is a step.
 */

declare global {
  interface Window {
    TRTC: typeof Trtc;
    clients: Record<string, Client>;
    streams: Record<string, RemoteStream>;
    heard: { client: string; event: string; detail: string }[];
    isDone?: boolean;
  }
}

/** As the documents have it, but that a handler's body is a block and not a list. */
const crossRoom = `
// 1. Both anchors publish, each in a room of their own.
let localStreamA = TRTC.createStream({ userId: 'A', audio: true, video: true })
let clientA1 = TRTC.createClient({ sdkAppId: 0, userId: 'A', userSig: 'xxxx', mode: 'live' })
await clientA1.join({ roomId: 1000, role: 'anchor' })
await clientA1.publish(localStreamA)

let localStreamB = TRTC.createStream({ userId: 'B', audio: true, video: true })
let clientB1 = TRTC.createClient({ sdkAppId: 0, userId: 'B', userSig: 'xxxx', mode: 'live' })
await clientB1.join({ roomId: 2000, role: 'anchor' })
await clientB1.publish(localStreamB)

// 2. Each enters the other's room, to watch.
let clientA2 = TRTC.createClient({ sdkAppId: 0, userId: 'A', userSig: 'xxxx', mode: 'live' })
await clientA2.join({ roomId: 2000, role: 'audience' })
let clientB2 = TRTC.createClient({ sdkAppId: 0, userId: 'B', userSig: 'xxxx', mode: 'live' })
await clientB2.join({ roomId: 1000, role: 'audience' })

// 3. A subscribes to B.
clientA2.on('stream-added', ({ stream }) => {
  if (stream.getUserId() === 'B') {
    clientA2.subscribe(stream, { audio: true, video: true })
  }
})
clientA2.on('stream-subscribed', ({ stream: remoteStream }) => {
  remoteStream.play('A_containerId')
})

// 4. B subscribes to A.
clientB2.on('stream-added', ({ stream }) => {
  if (stream.getUserId() === 'A') {
    clientB2.subscribe(stream, { audio: true, video: true })
  }
})
clientB2.on('stream-subscribed', ({ stream: remoteStream }) => {
  remoteStream.play('B_containerId')
})

window.clients = { A1: clientA1, A2: clientA2, B1: clientB1, B2: clientB2 }
window.localStreams = { A: localStreamA, B: localStreamB }
window.isDone = true
`;

/** Six people who watch, three in each room; what they hear is written down. */
const watching = `
window.clients = {}
window.streams = {}
window.heard = []
const events = ['peer-join', 'peer-leave', 'stream-added', 'stream-removed', 'mute-audio', 'unmute-audio',
  'mute-video', 'unmute-video', 'client-banned', 'error']
window.watch = async (name, roomId, userId = name) => {
  const client = TRTC.createClient({ sdkAppId: 0, userId, userSig: 'xxxx', mode: 'live' })
  for (const event of events) {
    client.on(event, ({ userId, stream, reason, message }) =>
      heard.push({ client: name, event, detail: userId ?? stream?.getUserId() ?? reason ?? message }))
  }
  client.on('stream-subscribed', ({ stream }) => (streams[name] = stream))
  await client.join({ roomId, role: 'audience' })
  clients[name] = client
}
for (const [roomId, names] of [[1000, ['U', 'V', 'W']], [2000, ['X', 'Y', 'Z']]]) {
  for (const name of names) {
    await watch(name, roomId)
  }
}
window.isDone = true
`;

/** Someone watches and plays at once; what comes of it is said in the console, since asking would count as a gesture. */
const playingAtOnce = `
const client = TRTC.createClient({ sdkAppId: 0, userId: 'S', userSig: 'xxxx', mode: 'live' })
client.on('stream-subscribed', ({ stream }) => {
  document.querySelector('button').onclick = () => stream.resume()
  stream.play('S_containerId').then(() => console.log('played'), (error) => console.log(error.getCode()))
})
await client.join({ roomId: 1000, role: 'audience' })
`;

let server: RunningServer;
let site: TrtcSite;
let hosts: TrtcPage;
let viewers: TrtcPage;
let broken = false;

before(async () => {
  site = await TrtcSite.build();
  const containers = (...names: string[]): string =>
    names.map((name) => `<div id="${name}_containerId"></div>`).join('');
  await site.add('hosts', containers('A', 'B'), crossRoom);
  await site.add('viewers', containers('U', 'X'), watching);
  await site.add('shy', `<button>Play</button>${containers('S')}`, playingAtOnce);
  server = await startServer({ ASPNETCORE_WEBROOT: site.folder });
});

after(async () => {
  await Promise.all([hosts, viewers].map((page) => page?.close()));
  await server?.stop();
  await site?.remove();
});

function step(sentence: string, walk: () => Promise<void>): void {
  test(sentence, { timeout: 60_000 }, async () => {
    assert.ok(!broken, 'An earlier step failed.');
    try {
      await walk();
    } catch (error) {
      broken = true;
      console.error(`hosts: ${hosts?.troubles.join(' | ')}\nviewers: ${viewers?.troubles.join(' | ')}\n${server.log()}`);
      throw error;
    }
  });
}

/** Waits until a client of the viewers' page has heard of something. */
async function hears(client: string, event: keyof ClientEvents, detail: string): Promise<void> {
  await viewers.page.waitForFunction(
    (wanted) => window.heard.some((one) => JSON.stringify(one) === wanted),
    JSON.stringify({ client, event, detail }),
  );
}

const audienceOf = (page: TrtcPage, client: string): Promise<string[]> =>
  page.page.evaluate((name) => {
    const { count, users } = window.clients[name]!.getAudience();
    const ids = users.map(({ userId }) => userId).sort();
    return count === ids.length ? ids : [`${count} of`, ...ids];
  }, client);

step('Two anchors go live, and each is in the other\'s room under the same user id', async () => {
  hosts = await TrtcPage.open(server.address, 'hosts');
  await hosts.page.waitForFunction(() => window.isDone === true);
});

step('Each plays the other\'s picture in its container', async () => {
  await Promise.all([hosts.showsMoving('A_containerId'), hosts.showsMoving('B_containerId')]);
});

step('Three people watch in each room', async () => {
  viewers = await TrtcPage.open(server.address, 'viewers');
  await viewers.page.waitForFunction(() => window.isDone === true);
  await viewers.page.waitForFunction(() => Object.keys(window.streams).length === 6);
  await viewers.page.evaluate(async () => {
    await window.streams['U']!.play('U_containerId');
    await window.streams['X']!.play('X_containerId');
  });
  await Promise.all([viewers.showsMoving('U_containerId'), viewers.showsMoving('X_containerId')]);
});

step('Room 1000 lists B as audience, and room 2000 lists A', async () => {
  for (const [page, client, audience] of [
    [viewers, 'U', ['B', 'U', 'V', 'W']],
    [hosts, 'A1', ['B', 'U', 'V', 'W']],
    [viewers, 'Z', ['A', 'X', 'Y', 'Z']],
    [hosts, 'B1', ['A', 'X', 'Y', 'Z']],
  ] as const) {
    await page.page.waitForFunction(
      ([name, count]) => window.clients[name]!.getAudience().count === count,
      [client, audience.length] as const,
    );
    assert.deepEqual(await audienceOf(page, client), audience);
  }
});

step('The audience of a room sees its anchor only, and the anchors see each other', async () => {
  const seen = await viewers.page.evaluate(() =>
    Object.entries(window.streams).map(([name, stream]) => `${name} sees ${stream.getUserId()}`).sort(),
  );
  assert.deepEqual(seen, ['U sees A', 'V sees A', 'W sees A', 'X sees B', 'Y sees B', 'Z sees B']);
  const states = await hosts.page.evaluate(() => window.clients['A2']!.getRemoteMutedState());
  assert.deepEqual(states, [
    { userId: 'B', hasAudio: true, hasVideo: true, audioMuted: false, videoMuted: false },
  ]);
});

step('What is sent and received can be measured', async () => {
  // Browsers' statistics are of a moment ago: the first picture may not be in them yet.
  await hosts.page.waitForFunction(
    async () => {
      const sent = (await window.clients['A1']!.getLocalVideoStats())['A'];
      return (sent?.framesEncoded ?? 0) > 0 && (sent?.frameWidth ?? 0) > 0;
    },
    undefined,
    { polling: 50 },
  );
  await viewers.page.waitForFunction(
    async () => {
      const client = window.clients['U']!;
      const [video, audio] = [await client.getRemoteVideoStats(), await client.getRemoteAudioStats()];
      return (video['A']?.framesDecoded ?? 0) > 0 && (audio['A']?.packetsReceived ?? 0) > 0;
    },
    undefined,
    { polling: 50 },
  );
  const transport = await viewers.page.evaluate(() => window.clients['U']!.getTransportStats());
  assert.ok(transport.rtt >= 0);
  // The fake microphone beeps once a second.
  await viewers.page.waitForFunction(() => window.streams['U']!.getAudioLevel() > 0.01, undefined, { polling: 20 });
  const frame = await viewers.page.evaluate(() => window.streams['U']!.getVideoFrame());
  assert.match(frame, /^data:image\/png;base64,.{1000}/);
});

step('Muting is heard of, and the stream stays', async () => {
  const call = (name: 'muteAudio' | 'unmuteAudio' | 'muteVideo' | 'unmuteVideo'): Promise<boolean> =>
    hosts.page.evaluate((method) => (window as unknown as Locals).localStreams['A']![method](), name);
  assert.equal(await call('muteAudio'), true);
  await hears('U', 'mute-audio', 'A');
  await call('muteVideo');
  await hears('U', 'mute-video', 'A');
  await call('unmuteVideo');
  await hears('U', 'unmute-video', 'A');
  await call('unmuteAudio');
  await hears('U', 'unmute-audio', 'A');
  await viewers.showsMoving('U_containerId');
});

step('Someone who watches comes on stage with sound alone, and leaves it', async () => {
  const added = hosts.page.evaluate(
    () =>
      new Promise<{ userId: string; hasAudio: boolean; hasVideo: boolean }>((resolve) => {
        window.clients['A1']!.on('stream-added', ({ stream }) =>
          resolve({ userId: stream.getUserId(), hasAudio: stream.hasAudio(), hasVideo: stream.hasVideo() }),
        );
      }),
  );
  const refused = await viewers.page.evaluate(async () => {
    const stream = window.TRTC.createStream({ userId: 'U', audio: true });
    (window as unknown as { ownStream: typeof stream }).ownStream = stream;
    const code = await window.clients['U']!.publish(stream).then(() => 0, (error: RtcError) => error.getCode());
    await window.clients['U']!.switchRole('anchor');
    await window.clients['U']!.publish(stream);
    return code;
  });
  assert.equal(refused, 0x1001);
  assert.deepEqual(await added, { userId: 'U', hasAudio: true, hasVideo: false });
  await hears('V', 'peer-join', 'U');
  assert.deepEqual(await audienceOf(viewers, 'V'), ['B', 'V', 'W']);
  await viewers.page.evaluate(() => window.clients['U']!.switchRole('audience'));
  await hears('V', 'stream-removed', 'U');
  await hears('V', 'peer-leave', 'U');
});

step('The same user twice in one room: the earlier client is sent away', async () => {
  await viewers.page.evaluate(() =>
    (window as unknown as { watch(name: string, roomId: number, userId: string): Promise<void> }).watch('V2', 1000, 'V'),
  );
  await hears('V', 'client-banned', 'kick');
  assert.deepEqual(await audienceOf(viewers, 'V2'), ['B', 'U', 'V', 'W']);
});

step('Where the browser wants a gesture first, play says so, and resume plays', async () => {
  const shy = await TrtcPage.open(server.address, 'shy', false);
  try {
    assert.equal(await shy.firstLine, String(0x4043));
    await shy.page.click('button');
    await shy.showsMoving('S_containerId');
    assert.deepEqual(shy.troubles, []);
  } finally {
    await shy.close();
  }
});

step('The last anchor leaves, and whoever watches hears that the room is over', async () => {
  await hosts.page.evaluate(() => window.clients['A1']!.leave());
  for (const client of ['U', 'V2', 'W']) {
    await hears(client, 'client-banned', 'room-disband');
  }
  assert.equal(await viewers.page.locator('#U_containerId video').count(), 0);
  // The other room has nothing to do with it.
  await hosts.showsMoving('A_containerId');
});

step('A room that nobody starts cannot be watched', async () => {
  const code = await viewers.page.evaluate(() =>
    window.clients['U']!.join({ roomId: 3000, role: 'audience' }).then(() => 0, (error: RtcError) => error.getCode()),
  );
  assert.equal(code, 0x4004);
});

step('No page had trouble on the way', async () => {
  assert.deepEqual([...hosts.troubles, ...viewers.troubles], []);
  const errors = await viewers.page.evaluate(() => window.heard.filter(({ event }) => event === 'error'));
  assert.deepEqual(errors, []);
});

interface Locals {
  localStreams: Record<string, ReturnType<typeof Trtc.createStream>>;
}
