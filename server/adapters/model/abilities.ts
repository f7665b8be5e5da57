/** What a model can do, as its adapter must know. */
export type Abilities = {
  /** Takes `thinking: adaptive`; others refuse the field. */
  thinks: boolean;
  seesImages: boolean;
};

/** One of which nothing is said. */
export const plainAbilities: Abilities = { thinks: false, seesImages: true };
