/** What may be left out without changing a bit of any result; tests do. */
export interface Passes {
  /** Equal nodes merged, constants folded, what changes nothing dropped. */
  readonly simplify: boolean;
  /** What the steps of a scan have in common packed before it. */
  readonly hoist: boolean;
  /** Nodes without memory, computed in the loops that need them; else each has a loop and memory of its own. */
  readonly fuse: boolean;
  /** Loops over a product's result run on its tiles, before they are stored. */
  readonly epilogues: boolean;
  /** Rows handed on from kernel to kernel band by band. A number: bands that write about so many bytes. */
  readonly bands: boolean | number;
  /** Results written over donated inputs; else they are copied there. */
  readonly inPlace: boolean;
  /** Buffers that do not live at the same time in the same memory; else each has its own. */
  readonly share: boolean;
}

export const allPasses: Passes = {
  simplify: true,
  hoist: true,
  fuse: true,
  epilogues: true,
  bands: true,
  inPlace: true,
  share: true,
};
