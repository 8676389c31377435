/** The slanted view of the quay, as seen from the yard: along the quay to the right, the sea up and to the right. */

export interface Point {
  x: number;
  y: number;
}

/** Pixels along the quay, metres from the waterside rail, metres above the quay. */
export type Place = readonly [along: number, acrossM: number, upM: number];

export class Projection {
  readonly #perM: number;

  /** @param perM pixels per metre of height; across the quay is foreshortened. */
  constructor(perM: number) {
    this.#perM = perM;
  }

  /**
   * @param along pixels along the quay.
   * @param acrossM metres from the waterside rail, + towards the sea.
   * @param upM metres above the quay.
   */
  at(along: number, acrossM: number, upM: number): Point {
    return {
      x: along + acrossM * this.#perM * 0.27,
      y: -acrossM * this.#perM * 0.34 - upM * this.#perM,
    };
  }

  /** An SVG path through points; `close` makes it a face. */
  path(points: readonly Place[], close = false): string {
    const parts = points.map(([along, across, up], index) => {
      const at = this.at(along, across, up);
      return `${index === 0 ? "M" : "L"}${at.x.toFixed(1)} ${at.y.toFixed(1)}`;
    });
    return parts.join("") + (close ? "Z" : "");
  }
}
