import assert from "node:assert/strict";
import test from "node:test";

import { parsed } from "../src/shared/api/json.ts";

test("characters that turn the direction of text stand as their codes, wherever they are", () => {
  assert.deepEqual(parsed('{"vessel":"A\u202eB","marks":["\u2066x\u2069"],"boxes":2,"berth":null}'), {
    vessel: "A⟨U+202E⟩B",
    marks: ["⟨U+2066⟩x⟨U+2069⟩"],
    boxes: 2,
    berth: null,
  });
  assert.equal(parsed('"A\\u202eB\\u061c"'), "A⟨U+202E⟩B⟨U+061C⟩");
});

test("other texts stay", () => {
  assert.deepEqual(parsed('["Ärger \\u00e9 \u05e9\u05dc\u05d5\u05dd 漢字"]'), ["Ärger é שלום 漢字"]);
});
