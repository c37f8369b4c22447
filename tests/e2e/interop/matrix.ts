import type { ClientKind } from './client.js';

/** What became of one client. */
export interface Row {
  readonly kind: ClientKind;
  /** Null when it is not installed here. */
  readonly srtp: string | null;
  /** Whether it received picture and sound of each publisher, by name; nothing is said of those not installed. */
  readonly received: ReadonlyMap<string, boolean>;
}

const absent = 'not installed here';

/** One name for what stacks call differently. */
export function profileName(told: string): string {
  if (/GCM/i.test(told)) {
    return 'AEAD_AES_128_GCM';
  }
  return /CM/i.test(told) ? 'AES_CM_128_HMAC_SHA1_80' : 'does not tell';
}

/** The rows of the table: for each client what it received of each publisher. */
export function tableOf(rows: readonly Row[]): string[] {
  const names = rows.map((row) => row.kind.name);
  const head = [`| watches \\ publishes | ${names.join(' | ')} | proof | SRTP |`, `|---|${'---|'.repeat(names.length + 2)}`];
  return [
    ...head,
    ...rows.map((row) => {
      const cells = rows.map((publisher) =>
        row.srtp === null || publisher.srtp === null ? absent : row.received.get(publisher.kind.name) === true ? 'yes' : 'NO',
      );
      return `| ${row.kind.name} | ${cells.join(' | ')} | ${row.kind.proof} | ${row.srtp ?? absent} |`;
    }),
  ];
}

/** The whole page. */
export function pageOf(rows: readonly Row[]): string {
  return [
    '# Which clients work',
    '',
    'Made by `tests/e2e/interop/interop.test.ts`, which every run of `./test.sh` repeats; do not edit it by hand (`DAIS_INTEROP_UPDATE=1` writes it anew). Each client publishes sound and picture (VP8, Opus)',
    'by WHIP, and every client watches it by WHEP, over an address that is not loopback. "yes": the picture was decoded again and again and sound arrived; a client without a decoder counts packets.',
    '',
    ...tableOf(rows),
    '',
    '| client | what it is |',
    '|---|---|',
    ...rows.map((row) => `| ${row.kind.name} | ${row.kind.stack} |`),
    '',
    'SRTP is what the client says it negotiated. The server prefers AEAD_AES_128_GCM; a client that does not know it gets AES_CM_128_HMAC_SHA1_80.',
    '',
    '## Beyond the matrix',
    '',
    '| what | with | test |',
    '|---|---|---|',
    '| an encoder as OBS is: H.264 of constrained baseline and Opus, one source each, no header extension, no PATCH, a bearer token, against a server in production; it stops, starts again and crashes, and the picture comes back on the same player | libdatachannel, the library OBS publishes with | `tests/e2e/interop/encoder.test.ts` |',
    `| a WHEP player of somebody else's, with trickled candidates (PATCH) and DELETE | \`whip-whep\` of npm, in Chromium | the same |`,
    `| several encodings by WHIP, VP8: the picture follows the viewer's tile, 720 to 180 lines and back, without a negotiation | Firefox | \`tests/e2e/interop/simulcast.test.ts\` |`,
    '| several encodings by WHIP, H.264 | Chromium (OpenH264) | the same |',
    '| a server behind a 1:1 translation of addresses (`Dais:Media:AdvertisedAddresses` as `outer=inner`), three network namespaces and nftables | Chromium, both ways | `tests/e2e/interop/nat.test.ts` |',
    '| TCP where UDP is barred, IPv6, TURN, ICE restarts | Chromium | `tests/e2e/transports.test.ts` |',
    '',
    `Not tried: OBS itself (Debian 12 has 29.0, WHIP came with 30); GStreamer's \`whipsink\` and \`whepsrc\` (not in Debian 12, its \`webrtcbin\` is in the matrix); several encodings of \`webrtcbin\`, whose 1.22 describes no rids; Safari, which runs on`,
    `Apple's systems alone; H.264 of Firefox, which has to load its encoder from the network.`,
    '',
  ].join('\n');
}

/** Lines in which two pages differ, where a client that is not installed here says nothing. */
export function differences(committed: string, made: string): string[] {
  const cellsOf = (line: string): string[] => line.split('|').map((cell) => cell.trim());
  const before = committed.split('\n');
  return made.split('\n').flatMap((line, i) => {
    const old = cellsOf(before[i] ?? '');
    const now = cellsOf(line);
    const same = now.length === old.length && now.every((cell, j) => cell === absent || cell === old[j]);
    return same ? [] : [`${before[i] ?? ''}\n  is now\n${line}`];
  });
}
