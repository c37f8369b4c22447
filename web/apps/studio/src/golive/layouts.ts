/** A layout a host may choose; the ids are the server's templates. */
export interface LayoutChoice {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly isLandscape?: boolean;
  /** A small picture of it: fractions of its width and height. */
  readonly sketch: readonly { x: number; y: number; width: number; height: number }[];
}

const thirds = [0, 1, 2];

/** The layouts a host may choose, the usual one first. */
export const layouts: readonly LayoutChoice[] = [
  {
    id: 600,
    name: 'Grid',
    text: 'Everyone equally large',
    sketch: [
      { x: 0, y: 0, width: 0.5, height: 0.5 },
      { x: 0.5, y: 0, width: 0.5, height: 0.5 },
      { x: 0, y: 0.5, width: 0.5, height: 0.5 },
      { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
    ],
  },
  {
    id: 601,
    name: 'Spotlight',
    text: 'You large, guests beside you',
    sketch: [
      { x: 0, y: 0, width: 1, height: 1 },
      { x: 0.56, y: 0.7, width: 0.38, height: 0.25 },
      { x: 0.56, y: 0.42, width: 0.38, height: 0.25 },
    ],
  },
  {
    id: 800,
    name: 'Nine places',
    text: 'A fixed place for each',
    sketch: thirds.flatMap((row) =>
      thirds.map((column) => ({ x: column / 3, y: 0.15 + row * 0.23, width: 1 / 3, height: 0.23 })),
    ),
  },
  {
    id: 801,
    name: 'Side column',
    text: 'You large, six in a column',
    sketch: [
      { x: 0, y: 0, width: 0.7, height: 1 },
      ...[0, 1, 2, 3, 4, 5].map((row) => ({ x: 0.7, y: row / 6, width: 0.3, height: 1 / 6 })),
    ],
  },
];
