import assert from "node:assert/strict";
import test from "node:test";

import { Glide } from "../src/terminal/quay/glide.ts";

test("what is seen for the first time stands where it is, and glides from there on", () => {
  const along = new Glide(null, 0);
  along.aim(200, 1_000, false);
  assert.equal(along.at(1_000), 200);
  assert.equal(along.arrived(1_000), true);
  along.aim(300, 2_000, false);
  assert.equal(along.at(2_000), 200);
  assert.equal(along.at(2_525), 250);
  assert.equal(along.at(4_000), 300);
});
